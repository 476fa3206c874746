"""One round of looking at the venue: what the orders have become, gathered as drafts and writes."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from strandloom.basics.ids import named_id
from strandloom.basics.quick import changed
from strandloom.blackboard.strand import Draft, Said, Write
from strandloom.kinds.fill import Fill
from strandloom.kinds.instrument import Instrument
from strandloom.teams.trader import order as orders
from strandloom.teams.trader import saying, tables
from strandloom.teams.trader import trade as trades
from strandloom.teams.trader.order import ZERO, Order, Row
from strandloom.teams.trader.trade import Trade
from strandloom.venues.port import Report, ReportState, Venue, VenueSilent

NEVER_CAME = timedelta(minutes=2)  # an order that nobody has seen so long after it was sent never came


class Round:
    """The books as they are read, moved on by what the venue says; `said` is what came of it."""

    def __init__(
        self, venue: Venue, at: datetime, order_rows: Iterable[Row], trade_rows: Iterable[Row]
    ) -> None:
        self._venue = venue
        self.at = at
        self._trades = {trades.id_of(row["decision"]): row for row in trade_rows}
        self._seen: list[Trade] | None = None  # until an order or a trade moves on
        self.orders = {row["cloid"]: orders.from_row(row) for row in order_rows}
        self.drafts: list[Draft] = []
        self.writes: list[Write] = []

    def said(self) -> Said:
        return Said(drafts=tuple(self.drafts), writes=tuple(self.writes))

    def instrument(self, symbol: str) -> Instrument | None:
        """What is fixed about a symbol where the orders are."""
        return self._venue.instrument(symbol)

    def trades(self) -> list[Trade]:
        """The open trades with their orders as they are known now."""
        if self._seen is None:
            of: dict[UUID, list[Order]] = {}
            for order in self.orders.values() if self._trades else ():
                of.setdefault(order.trade, []).append(order)
            self._seen = [trades.of(row, of.get(name, ())) for name, row in self._trades.items()]
        return self._seen

    def standing(self) -> bool:
        """Is any order not over?"""
        return any(order.stands for order in self.orders.values())

    def mark(self, trade: Trade, worst: Decimal, best: Decimal) -> None:
        """The worst and the best price that a position has seen."""
        row = self._trades[trade.decision]
        self._trades[trade.decision] = {**row, "worst": str(worst), "best": str(best)}
        self._seen = [changed(one, worst=worst, best=best) if one is trade else one for one in self.trades()]
        self.writes.append(tables.mark_trade(row["decision"], worst, best))

    def put(self, before: Order | None, after: Order, *, more: bool = False) -> Order:
        """An order comes in or moves on, and is told."""
        self.orders[after.cloid] = after
        self._seen = None
        if after.leg == "entry" and after.filled > 0 and after.trade not in self._trades:
            opened = tables.open_trade(after, after.at)
            self._trades[after.trade] = {**opened.values, "worst": None, "best": None}
            self.writes.append(opened)
        self.writes.append(tables.advance(before, after) if before else tables.begin(after))
        self.drafts.append(saying.of_order(after, more=more))
        return after

    def hear(self, order: Order, report: Report, *, more: bool = False) -> Order:
        """What the venue says of an order; nothing happens where it is nothing new."""
        after = order.heard(report, self.at)
        return order if after is order else self.put(order, after, more=more)

    async def ask(self, order: Order) -> Order:
        """Where a resting order stands.  One that the venue has forgotten is known by its fills."""
        report = await self._venue.order(order.cloid)
        if report is None:
            report = await self._by_fills(order) or Report(
                state="cancelled",
                filled=order.filled,
                average_price=order.average_price,
                fee_usd=order.fee_usd,
                why="the venue knows it no more",
            )
        return self.hear(order, report)

    async def resolve(self, order: Order) -> Order:
        """An order whose fate is unknown: found by its id or its fills, or given up once it cannot come.

        That the venue does not know it proves nothing while it may still be on its way.
        """
        report = await self._venue.order(order.cloid) or await self._by_fills(order)
        if report is None and self.at - (order.sent_at or order.at) > NEVER_CAME:
            report = Report(state="expired", why="it never reached the venue")
        if report is None or report.state == "unknown":
            return order
        if order.state == "intended" and report.state != "expired":
            return self.put(order, order.answered(report, self.at))
        return self.hear(order, report)

    async def cancel(self, order: Order, *, ends: ReportState | None = None, more: bool = False) -> Order:
        """Take a resting order back; what was filled meanwhile stays, a silent venue changes nothing.

        The stop that went along with an entry goes with it.
        """
        try:
            report = await self._venue.cancel(order.symbol, order.cloid, self.at)
        except VenueSilent:
            return order
        if report is None:
            return order
        if ends is not None and report.state == "cancelled" and not report.filled:
            report = replace(report, state=ends)
        after = self.hear(order, report, more=more)
        along = self.orders.get(after.goes_with or "")
        if after.leg == "entry" and after.is_over and along is not None and along.rests:
            with suppress(VenueSilent):  # it is asked for again
                await self.ask(along)
        return after

    async def late(self, order: Order) -> Order:
        """More of an order was filled after we thought it was over."""
        report = await self._venue.order(order.cloid) or await self._by_fills(order)
        return order if report is None else self.hear(order, report)

    def adopt(self, trade: Trade, fills: Sequence[Fill]) -> Order:
        """Executions that no order of ours asked for, on a symbol where we hold: they close it."""
        first = fills[0]
        cloid = f"0x{named_id('adopted', f'{first.venue}:{first.symbol}:{first.oid}').hex}"
        known = self.orders.get(cloid)
        earlier = (known.filled, known.average_price or ZERO, known.fee_usd) if known else (ZERO, ZERO, ZERO)
        quantity = earlier[0] + sum((fill.quantity for fill in fills), ZERO)
        paid = earlier[0] * earlier[1] + sum((fill.quantity * fill.price for fill in fills), ZERO)
        why = self._not_ours(fills)
        after = Order(
            cloid=cloid,
            decision=trade.decision,
            trade=trade.decision,
            plan=trade.plan,
            leg="close",
            part=0,
            venue=first.venue,
            symbol=first.symbol,
            side=first.side,
            quantity=quantity,
            price=first.price,
            trigger=None,
            reduce_only=True,
            style="taker",
            expires_at=first.at,
            patient_until=None,
            arrival=None,
            exploration=trade.exploration,
            risk_usd=ZERO,
            stop=None,
            take_profit=None,
            state="filled",
            filled=quantity,
            average_price=paid / quantity,
            fee_usd=earlier[2] + sum((fill.fee_usd for fill in fills), ZERO),
            oid=first.oid,
            why=why,
            at=self.at,
            story=(f"{why} {self.at:%H:%M:%S}",),
            version=known.version + 1 if known else 1,
        )
        return self.put(known, after)

    def _not_ours(self, fills: Sequence[Fill]) -> str:
        """Who else may have traded on our account."""
        if self._venue.instrument(fills[0].symbol) is None:
            return "delisted: settled by the venue at its last mark"
        return "liquidated by the venue" if any(f.liquidation for f in fills) else "traded outside Strandloom"

    async def close(self, trade: Trade) -> bool:
        """The end of a trade: what still rests goes, the result is booked and told; once."""
        for name in [order.cloid for order in trade.orders]:
            if self.orders[name].rests:
                await self.cancel(self.orders[name], more=True)
        trade = next(one for one in self.trades() if one.decision == trade.decision)
        if not trade.flat:
            return False  # an entry was filled while it was being cancelled: the position lives on
        moved = [order.at for order in trade.orders]
        at = max(self.at, trade.opened_at, *moved)  # we may be behind those who acted
        account = self._venue.account_of(trade.venue)
        funding = await account.funding_usd(trade.symbol, trade.opened_at, at)
        realised, first = trade.realised_usd + funding, None
        for order in trade.orders:
            if order.leg == "entry" and order.filled and order.is_over:
                first = first or order
                after = order.moved("closed", at)
                self.orders[order.cloid] = after
                self.writes.append(tables.advance(order, after))
        told, why = first or trade.orders[0], trade.ended_by
        row = self._trades.pop(trade.decision)
        self.writes.append(tables.close_trade(row["decision"], realised, at, why))
        self._seen = None
        self.drafts.append(
            saying.of_order(
                told,
                state="closed",
                cloid=None,
                quantity=trade.entered,
                filled=trade.entered,
                average_price=trade.entry_price,
                fee_usd=trade.fees_usd,
                realised_usd=realised,
                why=why,
            )
        )
        return True

    async def _by_fills(self, order: Order) -> Report | None:
        """What an order traded, from the account's fills: they stay when the order itself is forgotten."""
        since = order.at - timedelta(days=1) if order.rests else order.at - timedelta(minutes=1)
        fills = [fill for fill in await self._venue.fills(since) if fill.cloid == order.cloid]
        filled = sum((fill.quantity for fill in fills), Decimal(0))
        if not filled:
            return None
        return Report(
            state="filled" if filled >= order.quantity else "cancelled",
            filled=filled,
            average_price=sum((f.quantity * f.price for f in fills), ZERO) / filled,
            fee_usd=sum((fill.fee_usd for fill in fills), ZERO),
            oid=fills[0].oid,
            why="known by its fills",
        )
