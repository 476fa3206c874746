"""The paper venue: the built-in exchange in this process, moved by the market's own minutes."""

from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Final

from strandloom.basics.ids import unix_ms
from strandloom.blackboard.desk import Ahead, Market
from strandloom.exchange import listing
from strandloom.exchange.account import FILLS_KEPT
from strandloom.exchange.asset import MICRO, Asset, dollars, e8
from strandloom.exchange.commands import (
    Ask,
    Cancel,
    CancelByCloid,
    Change,
    Command,
    Deposit,
    Grouping,
    Modify,
    Place,
    ScheduleCancel,
    Tif,
    Trigger,
)
from strandloom.exchange.engine import Engine
from strandloom.exchange.events import Fill as Traded
from strandloom.exchange.look.accounts import fundings_between
from strandloom.exchange.replies import Done, Err, Failed, Reply, Statuses
from strandloom.hyperliquid.rules import lot, price_at_least, price_at_most
from strandloom.kinds.fill import Fill, FundingPaid, OpenOrder
from strandloom.kinds.instrument import Instrument
from strandloom.kinds.order import OrderIntent
from strandloom.venues import minutes, told
from strandloom.venues.calm import calm_until
from strandloom.venues.port import LIVE, Account, Balance, Mode, Position, Report
from strandloom.venues.tally import Tally

USER: Final = "0x" + "57" * 20
_MOST: Final = 10_000  # fundings that are told at once
_DISORDER = timedelta(minutes=1)  # fills of one minute may stand out of order
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
        self._listed: Sequence[Asset] = engine.assets()
        self._assets: dict[str, Asset] = {asset.name: asset for asset in self._listed}
        self._followed: tuple[int, tuple[str, ...]] | None = None  # the newest minute, and who was in it
        self._fills: deque[Fill] = deque(maxlen=FILLS_KEPT)
        self._tally = Tally()
        self._account = engine.held(USER)
        for traded in self._account.fills:
            self._count(traded)

    @property
    def accounts(self) -> Sequence[Account]:
        return (self,)

    def account_of(self, name: str) -> Account:
        return self

    def pick(self) -> str:
        return self.name

    def instrument(self, symbol: str) -> Instrument | None:
        asset = self._assets.get(symbol)
        if asset is not None and self._engine.is_delisted(asset.index):
            return None
        terms = listing.KNOWN.get(symbol, listing.UNKNOWN)
        decimals = asset.sz_decimals if asset else terms.sz_decimals
        leverage = asset.max_leverage if asset else terms.max_leverage
        return _instrument(symbol, decimals, self._engine.rules.min_order_usd, leverage)

    async def follow(self, market: Market) -> None:
        """The minutes since the last one; a first call opens the account at the newest minute."""
        seen = market.minute, market.symbols
        if seen == self._followed:
            return
        newest = market.minute * minutes.MINUTE_MS
        self._list(market.symbols, newest)
        if not self._engine.knows(USER):
            self._apply(Deposit(newest, USER, int(self._cash_usd * MICRO)))
        self._account = self._engine.held(USER)
        first = self._engine.now // minutes.MINUTE_MS
        if (first + 1) * minutes.MINUTE_MS <= self._engine.now + 1:
            first += 1  # that minute has been lived through to its last millisecond
        if first <= market.minute:
            first = max(first, market.minute - len(market.bars()) + 1)
            for command in minutes.commands(market, first, self._assets, self._gone()):
                self._apply(command)
        await self._stored()
        self._followed = seen

    def calm_until(self, ahead: Ahead, stop: int) -> int:
        """The first minute in which the account could be touched, `stop` if there is none before."""
        account = self._account
        if not self._engine.knows(USER) or self._engine.now < ahead.first * minutes.MINUTE_MS - 1:
            return ahead.first
        markets = self._engine.state.markets
        return calm_until(account, markets, ahead, stop, float(dollars(account.cash)))

    async def place(self, intent: OrderIntent, at: datetime, stop: OrderIntent | None = None) -> Report:
        known = await self.order(intent.cloid)
        if known is not None:
            return known
        asset = self._assets.get(intent.symbol)
        if asset is None:
            return Report(state="rejected", why=f"{intent.symbol} is not listed")
        asks = tuple(_ask(asset, one) for one in (intent, stop) if one is not None)
        grouping: Grouping = "na" if stop is None else "normalTpsl"
        refused = _refusal(self._apply(Place(unix_ms(at), USER, asks, grouping)))
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
        return order.oid not in self._account.live

    async def order(self, cloid: str) -> Report | None:
        found = self._account.by_cloid.get(cloid)
        return None if found is None else told.report(found, self._tally.of(found.oid, cloid))

    async def funding_usd(self, symbol: str, since: datetime, until: datetime) -> Decimal:
        paid = fundings_between(self._account, unix_ms(since), unix_ms(until), _MOST)
        mine = [dollars(one.usd) for one in paid if self._listed[one.asset].name == symbol]
        return sum(mine, Decimal(0))

    async def balance(self) -> Balance:
        return told.balance(self._account, self._engine.state.markets, self._cash_usd)

    async def positions(self) -> Sequence[Position]:
        return (await self.balance()).positions

    async def fills(self, since: datetime) -> Sequence[Fill]:
        found, over = [], since - _DISORDER
        for fill in reversed(self._fills):
            if fill.at <= over:
                break
            if fill.at >= since:
                found.append(fill)
        return found[::-1]

    async def fundings(self, since: datetime) -> Sequence[FundingPaid]:
        found = fundings_between(self._account, unix_ms(since), None, _MOST)
        return [told.funding(self.name, self._listed[one.asset], one) for one in found]

    async def open_orders(self) -> Sequence[OpenOrder]:
        live = self._account.live.values()
        orders = (told.open_order(self.name, self._listed[order.asset], order) for order in live)
        return told.oldest_first(orders)

    async def marks(self) -> Mapping[str, Decimal]:
        return self._engine.marks()

    async def schedule_cancel(self, at: datetime | None) -> bool:
        time = None if at is None else unix_ms(at)
        reply = self._apply(ScheduleCancel(self._engine.now, USER, time))
        await self._stored()
        return isinstance(reply, Done)

    def _gone(self) -> list[int]:
        """What was delisted, by asset id."""
        return [market.asset.index for market in self._engine.state.markets if market.delisted]

    def _list(self, symbols: Iterable[str], at: int) -> None:
        for command in listing.listed([s for s in symbols if s not in self._assets], at):
            self._apply(command)
            self._listed = self._engine.assets()
            self._assets = {asset.name: asset for asset in self._listed}

    def _apply(self, command: Command) -> Reply:
        """Carry it out, and count what it filled: what an order traded is then known without a search."""
        outcome = self._engine.apply(command)
        for event in outcome.events:
            if isinstance(event, Traded) and event.user == USER:
                self._count(event)
        return outcome.reply

    def _count(self, traded: Traded) -> None:
        fill = told.fill(self.name, self._listed[traded.asset], traded)
        self._fills.append(fill)
        self._tally.add(
            (traded.at, fill.symbol, fill.tid),
            fill.oid,
            fill.cloid,
            quantity=fill.quantity,
            price=fill.price,
            fee_usd=fill.fee_usd,
            ambiguous=fill.ambiguous,
        )


@lru_cache(maxsize=1_000)
def _instrument(symbol: str, decimals: int, smallest: int, leverage: int) -> Instrument:
    return Instrument(
        symbol=symbol, lot=lot(decimals), smallest_usd=Decimal(smallest) / MICRO, max_leverage=leverage
    )


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
