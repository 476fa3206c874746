"""The paper venue: the built-in exchange in this process, moved by the market's own minutes."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from decimal import Decimal
from typing import Final

import numpy as np

from strandloom.basics.ids import from_unix_ms, unix_ms
from strandloom.blackboard.desk import Market
from strandloom.exchange import feed, listing
from strandloom.exchange.asset import MICRO, Asset, e8
from strandloom.exchange.commands import Ask, CancelByCloid, Deposit, MarketBars, Place, Tif, Trigger
from strandloom.exchange.engine import Engine
from strandloom.exchange.replies import Err, Failed, Statuses
from strandloom.exchange.views import FillView, OrderView
from strandloom.hyperliquid.rules import lot, price_at_least, price_at_most
from strandloom.indicators.frame import Floats, Frame
from strandloom.kinds.instrument import Instrument
from strandloom.kinds.market import Bar
from strandloom.kinds.order import OrderIntent
from strandloom.venues.port import Balance, Mode, Position, Report, ReportState

USER: Final = "0x" + "57" * 20
MINUTE_MS: Final = 60_000
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

    def instrument(self, symbol: str) -> Instrument | None:
        asset = self._assets.get(symbol)
        terms = listing.KNOWN.get(symbol, listing.UNKNOWN)
        decimals = asset.sz_decimals if asset else terms.sz_decimals
        smallest = Decimal(self._engine.rules.min_order_usd) / MICRO
        leverage = asset.max_leverage if asset else terms.max_leverage
        return Instrument(symbol=symbol, lot=lot(decimals), smallest_usd=smallest, max_leverage=leverage)

    async def follow(self, market: Market) -> None:
        """The minutes since the last one; a first call opens the account at the newest minute."""
        newest = market.minute * MINUTE_MS
        self._list(market.symbols, newest)
        if not self._engine.knows(USER):
            self._engine.apply(Deposit(newest, USER, int(self._cash_usd * MICRO)))
        frame = market.bars()
        first = max(self._engine.now // MINUTE_MS, market.minute - len(frame) + 1)
        for minute in range(min(first, market.minute), market.minute + 1):
            if minute * MINUTE_MS + MINUTE_MS > self._engine.now:
                self._minute(market, minute)
        await self._stored()

    async def place(self, intent: OrderIntent, at: datetime) -> Report:
        known = await self.order(intent.cloid)
        if known is not None:
            return known
        asset = self._assets.get(intent.symbol)
        if asset is None:
            return Report(state="rejected", why=f"{intent.symbol} is not listed")
        outcome = self._engine.apply(Place(unix_ms(at), USER, (_ask(asset, intent),)))
        await self._stored()
        refused = _refusal(outcome.reply)
        if refused is not None:
            return Report(state="rejected", why=refused)
        placed = await self.order(intent.cloid)
        return placed or Report(state="rejected", why="the exchange does not know the order")

    async def cancel(self, symbol: str, cloid: str, at: datetime) -> Report | None:
        known = await self.order(cloid)
        if known is None or known.state not in ("acknowledged", "partly_filled"):
            return known
        asset = self._assets[symbol]
        self._engine.apply(CancelByCloid(unix_ms(at), USER, ((asset.index, cloid),)))
        await self._stored()
        return await self.order(cloid)

    async def order(self, cloid: str) -> Report | None:
        view = self._engine.order(USER, cloid)
        return None if view is None else _report(view, self._fills(view))

    async def funding_usd(self, symbol: str, since: datetime, until: datetime) -> Decimal:
        paid = self._engine.fundings(USER, unix_ms(since), unix_ms(until), limit=10_000)
        return sum((f.usd for f in paid if f.coin == symbol), Decimal(0))

    async def balance(self) -> Balance:
        view = self._engine.account(USER)
        positions = tuple(
            Position(
                symbol=p.coin,
                quantity=p.szi,
                entry_price=p.entry_px,
                mark=p.position_value / abs(p.szi),
                unrealised_usd=p.unrealized_pnl,
            )
            for p in view.positions
        )
        unrealised = sum((p.unrealised_usd for p in positions), Decimal(0))
        equity = view.margin.account_value
        return Balance(
            equity_usd=equity,
            cash_usd=equity - unrealised,
            flows_usd=self._cash_usd,
            positions=positions,
            open_orders=len(self._engine.open_orders(USER)),
        )

    def _list(self, symbols: Iterable[str], at: int) -> None:
        for command in listing.listed([s for s in symbols if s not in self._assets], at):
            self._engine.apply(command)
            self._assets = {asset.name: asset for asset in self._engine.assets()}

    def _minute(self, market: Market, minute: int) -> None:
        frame = market.bars()
        column = minute - int(frame.at[-1]) - 1  # from the end, as the optional columns reach less far back
        bars = []
        for row, symbol in enumerate(market.symbols):
            if symbol in self._assets and np.isfinite(frame.close[row, column]):
                bars.append(_bar(symbol, minute, row, column, frame))
        if bars:
            self._engine.apply(feed.minute(self._assets, bars))
        else:
            self._engine.apply(MarketBars(minute * MINUTE_MS, ()))

    def _fills(self, view: OrderView) -> list[FillView]:
        """The fills of one order; the newest come first, and an order's lie close together."""
        found, left = [], view.orig_sz - view.sz
        for fill in self._engine.fills(USER, limit=10_000):
            if left <= 0:
                break
            if fill.oid == view.oid:
                found.append(fill)
                left -= fill.sz
        return found


def _bar(symbol: str, minute: int, row: int, column: int, frame: Frame) -> Bar:
    def value(values: Floats) -> float | None:
        x = float(values[row, column]) if -column <= values.shape[1] else float("nan")
        return x if np.isfinite(x) else None

    return Bar(
        venue="paper",
        symbol=symbol,
        at=from_unix_ms(minute * MINUTE_MS),
        open=float(frame.open[row, column]),
        high=float(frame.high[row, column]),
        low=float(frame.low[row, column]),
        close=float(frame.close[row, column]),
        volume=value(frame.volume) or 0.0,
        mark=value(frame.mark),
        oracle=value(frame.oracle),
        funding=value(frame.funding),
        open_interest=value(frame.open_interest),
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


def _refusal(reply: object) -> str | None:
    if isinstance(reply, Err):
        return reply.message
    if isinstance(reply, Statuses) and isinstance(reply.statuses[0], Failed):
        return reply.statuses[0].error
    return None


def _report(view: OrderView, fills: list[FillView]) -> Report:
    filled = sum((fill.sz for fill in fills), Decimal(0))
    paid = sum((fill.sz * fill.px for fill in fills), Decimal(0))
    return Report(
        state=_state(view.status, filled),
        filled=filled,
        average_price=paid / filled if filled else None,
        fee_usd=sum((fill.fee for fill in fills), Decimal(0)),
        oid=view.oid,
        why="" if view.status in ("open", "filled") else view.status,
        ambiguous=any(fill.ambiguous for fill in fills),
    )


def _state(status: str, filled: Decimal) -> ReportState:
    """The venue's status words by their endings, never by a closed list."""
    if status == "filled":
        return "filled"
    if status.endswith("Rejected") or status == "rejected":
        return "filled" if filled else "rejected"
    if status.lower().endswith(("canceled", "cancel")):
        return "filled" if filled else "cancelled"
    return "partly_filled" if filled else "acknowledged"
