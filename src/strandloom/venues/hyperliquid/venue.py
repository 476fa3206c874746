"""One Hyperliquid account as a venue."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from loguru import logger

from strandloom.basics.clock import Clock
from strandloom.basics.ids import unix_ms
from strandloom.blackboard.desk import Market
from strandloom.hyperliquid import actions
from strandloom.kinds.fill import Fill, FundingPaid, OpenOrder
from strandloom.kinds.instrument import Instrument
from strandloom.kinds.order import OrderIntent
from strandloom.venues.hyperliquid import pages, parse, wire
from strandloom.venues.hyperliquid.answers import Accepted, Denied, Lost, Unsent
from strandloom.venues.hyperliquid.client import Client
from strandloom.venues.hyperliquid.executions import Executions
from strandloom.venues.hyperliquid.flows import Flows
from strandloom.venues.hyperliquid.fundings import Fundings
from strandloom.venues.hyperliquid.orders import Orders
from strandloom.venues.hyperliquid.sends import Sends
from strandloom.venues.hyperliquid.universe import Asset, Universe
from strandloom.venues.port import Account, Balance, Mode, Position, Report, VenueSilent

_HARDLY_USD: Final = Decimal("0.005")  # the venue rounds what its cash is worked out from
_MARKS_EVERY: Final = timedelta(
    seconds=30
)  # of what is not held; of what is held they are asked for each time
_LIFE: Final = timedelta(minutes=15)


class HyperliquidVenue:
    """Every call may be repeated; what may have happened and is not known is never called rejected."""

    def __init__(self, name: str, mode: Mode, client: Client, sends: Sends, clock: Clock) -> None:
        self.name = name
        self.mode = mode
        self.account = client.account
        self.executions = Executions(client, name)
        self._client = client
        self._sends = sends
        self._clock = clock
        self._orders = Orders(client, sends, self.executions, clock)
        self._fundings = Fundings(client, name, clock)
        self._universe = Universe()
        self._flows = Flows(client.account)
        self._flows_cash: Decimal | None = None
        self._marks_at: datetime | None = None
        self.armed = False
        self._said: set[str] = set()

    async def open(self) -> None:
        """Learn what is listed, how often the account may ask, and what earlier processes left in doubt."""
        await self._refresh()
        await self._client.count()
        await self._orders.recall()

    @property
    def accounts(self) -> Sequence[Account]:
        return (self,)

    def account_of(self, name: str) -> Account:
        return self

    def pick(self) -> str:
        return self.name

    def instrument(self, symbol: str) -> Instrument | None:
        return self._universe.instrument(symbol)

    async def follow(self, market: Market) -> None:
        """It moves by itself."""

    async def place(self, intent: OrderIntent, at: datetime, stop: OrderIntent | None = None) -> Report:
        asset = self._universe.asset(intent.symbol)
        if asset is None:
            return Report(state="rejected", why=f"{intent.symbol} is not listed")
        why = wire.flaw(asset, intent) or (wire.flaw(asset, stop) if stop is not None else None)
        if why is not None:
            return Report(state="rejected", why=why)
        if self.armed and (intent.reduce_only or stop is not None):
            await self.schedule_cancel(None)  # it would take the stop away as well
        return await self._orders.place(asset, intent, stop)

    async def modify(self, intent: OrderIntent, at: datetime) -> Report | None:
        return await self._orders.modify(self._asset(intent.symbol), intent)

    async def cancel(self, symbol: str, cloid: str, at: datetime) -> Report | None:
        return await self._orders.cancel(self._asset(symbol), cloid)

    async def take_back(self, order: OpenOrder, at: datetime) -> bool:
        return await self._orders.take_back(self._asset(order.symbol), order.oid)

    async def order(self, cloid: str) -> Report | None:
        return await self._orders.order(cloid)

    async def funding_usd(self, symbol: str, since: datetime, until: datetime) -> Decimal:
        return await self._fundings.sum_usd(symbol, since, until)

    async def fundings(self, since: datetime) -> Sequence[FundingPaid]:
        return await self._fundings.since(since)

    async def fills(self, since: datetime) -> Sequence[Fill]:
        return await self.executions.since(unix_ms(since))

    async def open_orders(self) -> Sequence[OpenOrder]:
        return parse.open_orders(self.name, await self._client.ask_second("frontendOpenOrders"))

    async def balance(self) -> Balance:
        state = await self._client.ask_mine("clearinghouseState")
        resting = parse.open_orders(self.name, await self._client.ask_for_two("frontendOpenOrders"))
        cash_usd = parse.balance(state, Decimal(0), 0).cash_usd
        return parse.balance(state, await self._flows_usd(cash_usd), len(resting))

    async def positions(self) -> Sequence[Position]:
        state = await self._client.ask_mine("clearinghouseState")
        return parse.balance(state, Decimal(0), 0).positions

    async def marks(self) -> Mapping[str, Decimal]:
        """What positions are valued at is asked for each time, everything else twice a minute."""
        if self._marks_at is None or self._clock.wall() >= self._marks_at + _MARKS_EVERY:
            await self._refresh()
            return dict(self._universe.marks)
        state = await self._client.ask_mine("clearinghouseState")
        held = (parse.position(one["position"]) for one in state["assetPositions"])
        return {**self._universe.marks, **{position.symbol: position.mark for position in held}}

    async def schedule_cancel(self, at: datetime | None) -> bool:
        time_ms = None if at is None else unix_ms(at)
        if not await self._done(actions.schedule_cancel(time_ms), "scheduled_cancel_not_to_be_had"):
            return False
        self.armed = at is not None
        return True

    async def set_leverage(self, symbol: str, leverage: int) -> bool:
        """Shared margin at that leverage; False where the venue will not."""
        asset = self._asset(symbol)
        now = (await self._client.ask_mine("activeAssetData", coin=symbol))["leverage"]
        if (now["type"], now["value"]) == ("cross", leverage):
            return True
        action = actions.update_leverage(asset.index, min(leverage, asset.max_leverage), cross=True)
        return await self._done(action, "leverage_not_to_be_had")

    async def taker_bps(self) -> float:
        """What the venue takes for an order that does not wait."""
        fees = await self._client.ask_mine("userFees")
        return float(Decimal(fees["userCrossRate"]) * 10_000)

    async def _done(self, action: Mapping[str, Any], event: str) -> bool:
        nonce = await self._sends.nonce(self._clock.wall())
        match await self._client.act(action, nonce, life=_LIFE, urgent=True):
            case Accepted():
                return True
            case Denied(reason):
                if event not in self._said:
                    self._said.add(event)
                    logger.warning(event, venue=self.name, why=reason)
                return False
            case Unsent(reason) | Lost(reason):
                raise VenueSilent(f"{action['type']} was not answered: {reason}")

    async def _refresh(self) -> None:
        meta, contexts = await self._client.ask("metaAndAssetCtxs")
        self._universe.take(meta, contexts)
        self._marks_at = self._clock.wall()

    async def _flows_usd(self, cash_usd: Decimal) -> Decimal:
        """Asked for again only when the cash has changed: without that, nothing came in and nothing left."""
        if self._flows_cash is None or abs(cash_usd - self._flows_cash) > _HARDLY_USD:
            ledger = pages.since(self._client.ask_mine, pages.LEDGER, self._flows.newest_ms)
            self._flows.take([entry async for entry in ledger])
            self._flows_cash = cash_usd
        return self._flows.total_usd

    def _asset(self, symbol: str) -> Asset:
        asset = self._universe.asset(symbol)
        if asset is None:
            raise VenueSilent(f"{symbol} is not listed at {self.name} any more")
        return asset
