"""The paper venue: the built-in exchange in this process, moved by the market's own minutes."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from strandloom.basics.ids import unix_ms
from strandloom.blackboard.desk import Ahead, Market
from strandloom.exchange import listing
from strandloom.exchange.asset import MICRO, Asset, dollars, e8
from strandloom.exchange.commands import (
    Ask,
    Cancel,
    CancelByCloid,
    Change,
    Command,
    Deposit,
    Modify,
    Place,
    ScheduleCancel,
    Tif,
    Trigger,
)
from strandloom.exchange.engine import Engine
from strandloom.exchange.events import Fill as Traded
from strandloom.exchange.replies import Done, Err, Failed, Reply, Statuses
from strandloom.hyperliquid.rules import lot, price_at_least, price_at_most
from strandloom.kinds.fill import Fill, FundingPaid, OpenOrder
from strandloom.kinds.instrument import Instrument
from strandloom.kinds.order import OrderIntent
from strandloom.venues import minutes, told
from strandloom.venues.calm import calm_until
from strandloom.venues.port import LIVE, Balance, Mode, Report
from strandloom.venues.tally import Tally

USER: Final = "0x" + "57" * 20
_MOST: Final = 10_000  # fills that the exchange remembers
_TIF: dict[str, Tif] = {"gtc": "Gtc", "ioc": "Ioc", "alo": "Alo"}
Stored = Callable[[], Awaitable[None]]


async def _nothing_to_store() -> None:
    """An engine that lives in memory alone."""


class PaperVenue:
    """Every effect is applied and kept before it is told, and asking again changes nothing."""

    name = "paper"
    mode: Mode = "paper"

    def __init__(self, engine: Engine, cash_usd: Decimal, stored: Stored = _nothing_to_store) -> None:
        self._engine = engine
        self._cash_usd = cash_usd
        self._stored = stored
        self._assets: dict[str, Asset] = {asset.name: asset for asset in engine.assets()}
        self._tally = Tally()
        for fill in reversed(engine.fills(USER, limit=_MOST)):
            self._tally.add(
                (fill.time, fill.coin, fill.tid),
                fill.oid,
                fill.cloid,
                quantity=fill.sz,
                price=fill.px,
                fee_usd=fill.fee,
                ambiguous=fill.ambiguous,
            )

    def pick(self) -> str:
        return self.name

    def instrument(self, symbol: str) -> Instrument | None:
        asset = self._assets.get(symbol)
        terms = listing.KNOWN.get(symbol, listing.UNKNOWN)
        decimals = asset.sz_decimals if asset else terms.sz_decimals
        smallest = Decimal(self._engine.rules.min_order_usd) / MICRO
        leverage = asset.max_leverage if asset else terms.max_leverage
        return Instrument(symbol=symbol, lot=lot(decimals), smallest_usd=smallest, max_leverage=leverage)

    async def follow(self, market: Market) -> None:
        """The minutes since the last one; a first call opens the account at the newest minute."""
        newest = market.minute * minutes.MINUTE_MS
        self._list(market.symbols, newest)
        if not self._engine.knows(USER):
            self._apply(Deposit(newest, USER, int(self._cash_usd * MICRO)))
        first = self._engine.now // minutes.MINUTE_MS
        if (first + 1) * minutes.MINUTE_MS <= self._engine.now + 1:
            first += 1  # that minute has been lived through to its last millisecond
        if first <= market.minute:
            first = max(first, market.minute - len(market.bars()) + 1)
            for command in minutes.commands(market, first, self._assets):
                self._apply(command)
        await self._stored()

    def calm_until(self, ahead: Ahead, stop: int) -> int:
        """The first minute in which the account could be touched, `stop` if there is none before."""
        state = self._engine.state
        account = state.accounts.get(USER)
        if account is None or self._engine.now < ahead.first * minutes.MINUTE_MS - 1:
            return ahead.first
        return calm_until(account, state.markets, ahead, stop, float(dollars(account.cash)))

    async def place(self, intent: OrderIntent, at: datetime) -> Report:
        known = await self.order(intent.cloid)
        if known is not None:
            return known
        asset = self._assets.get(intent.symbol)
        if asset is None:
            return Report(state="rejected", why=f"{intent.symbol} is not listed")
        refused = _refusal(self._apply(Place(unix_ms(at), USER, (_ask(asset, intent),))))
        await self._stored()
        if refused is not None:
            return Report(state="rejected", why=refused)
        placed = await self.order(intent.cloid)
        return placed or Report(state="rejected", why="the exchange does not know the order")

    async def modify(self, intent: OrderIntent, at: datetime) -> Report | None:
        known = await self.order(intent.cloid)
        if known is None or known.state not in LIVE:
            return known
        change = Change(intent.cloid, _ask(self._assets[intent.symbol], intent))
        refused = _refusal(self._apply(Modify(unix_ms(at), USER, (change,), always_place=True)))
        await self._stored()
        now = await self.order(intent.cloid)
        return now if now is None or refused is None else replace(now, why=refused)

    async def cancel(self, symbol: str, cloid: str, at: datetime) -> Report | None:
        known = await self.order(cloid)
        if known is None or known.state not in LIVE:
            return known
        self._apply(CancelByCloid(unix_ms(at), USER, ((self._assets[symbol].index, cloid),)))
        await self._stored()
        return await self.order(cloid)

    async def take_back(self, order: OpenOrder, at: datetime) -> bool:
        self._apply(Cancel(unix_ms(at), USER, ((self._assets[order.symbol].index, order.oid),)))
        await self._stored()
        return all(view.oid != order.oid for view in self._engine.open_orders(USER))

    async def order(self, cloid: str) -> Report | None:
        view = self._engine.order(USER, cloid)
        return None if view is None else told.report(view, self._tally.of(view.oid, cloid))

    async def funding_usd(self, symbol: str, since: datetime, until: datetime) -> Decimal:
        paid = self._engine.fundings(USER, unix_ms(since), unix_ms(until), limit=_MOST)
        return sum((f.usd for f in paid if f.coin == symbol), Decimal(0))

    async def balance(self) -> Balance:
        resting = len(self._engine.open_orders(USER))
        return told.balance(self._engine.account(USER), self._cash_usd, resting)

    async def fills(self, since: datetime) -> Sequence[Fill]:
        found = self._engine.fills_between(USER, unix_ms(since), limit=_MOST)
        return [told.fill(self.name, view) for view in found]

    async def fundings(self, since: datetime) -> Sequence[FundingPaid]:
        found = self._engine.fundings(USER, unix_ms(since), limit=_MOST)
        return [told.funding(self.name, view) for view in found]

    async def open_orders(self) -> Sequence[OpenOrder]:
        return told.oldest_first(told.open_order(self.name, view) for view in self._engine.open_orders(USER))

    async def marks(self) -> Mapping[str, Decimal]:
        return self._engine.marks()

    async def schedule_cancel(self, at: datetime | None) -> bool:
        time = None if at is None else unix_ms(at)
        reply = self._apply(ScheduleCancel(self._engine.now, USER, time))
        await self._stored()
        return isinstance(reply, Done)

    def _list(self, symbols: Iterable[str], at: int) -> None:
        for command in listing.listed([s for s in symbols if s not in self._assets], at):
            self._apply(command)
            self._assets = {asset.name: asset for asset in self._engine.assets()}

    def _apply(self, command: Command) -> Reply:
        """Carry it out, and count what it filled: what an order traded is then known without a search."""
        outcome = self._engine.apply(command)
        for event in outcome.events:
            if isinstance(event, Traded) and event.user == USER:
                asset = self._engine.assets()[event.asset]
                self._tally.add(
                    (event.at, asset.name, event.tid),
                    event.oid,
                    event.cloid,
                    quantity=asset.size(event.sz),
                    price=asset.price(event.px),
                    fee_usd=dollars(event.fee),
                    ambiguous=event.ambiguous,
                )
        return outcome.reply


def _ask(asset: Asset, intent: OrderIntent) -> Ask:
    """Prices go to the legal side of the limit: never worse than what was decided."""
    buys = intent.side == "buy"
    legal = price_at_most if buys else price_at_least
    price = legal(intent.price, asset.sz_decimals)
    trigger = None
    if intent.trigger is not None:
        at = legal(intent.trigger, asset.sz_decimals)
        trigger = Trigger(e8(at), True, "tp" if intent.leg == "take_profit" else "sl")
    return Ask(
        asset.index,
        buys,
        e8(price),
        e8(intent.quantity),
        _TIF[intent.time_in_force],
        intent.reduce_only,
        intent.cloid,
        trigger,
    )


def _refusal(reply: Reply) -> str | None:
    if isinstance(reply, Err):
        return reply.message
    if isinstance(reply, Statuses) and isinstance(reply.statuses[0], Failed):
        return reply.statuses[0].error
    return None
