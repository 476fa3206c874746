"""trader.tracker: follows every order to its end, knows what is held, and closes each trade once."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from strandloom.blackboard.desk import Desk
from strandloom.blackboard.strand import Draft, Said, Strand, Write
from strandloom.kinds.decision import Decision
from strandloom.kinds.order import OrderStatus
from strandloom.kinds.position import Held, PositionTracking
from strandloom.teams.trader import saying, tables
from strandloom.teams.trader.trade import Trade
from strandloom.venues.port import Balance, Report, Venue

TRACKING = ("trader:position_tracking", "dm:position_tracking", "cil:position_tracking")


class Tracker:
    """Once a minute and after each order: ask the venue, move the books, tell the network."""

    name = "trader.tracker"
    reads = ("market:heartbeat", "trader:order_status")

    def __init__(self, venue: Venue) -> None:
        self._venue = venue

    async def handle(self, strand: Strand, desk: Desk) -> Said:
        if isinstance(strand.body, OrderStatus) and strand.body.state not in ("filled", "partly_filled"):
            return Said()
        await self._venue.follow(desk.market)
        drafts: list[Draft] = []
        writes: list[Write] = []
        held: list[Held] = []
        rows = await desk.tables.look("order.live")
        balance = await self._venue.balance()
        for trade_row in await desk.tables.look("trade.open"):
            mine = [row for row in rows if str(row["decision"]) == str(trade_row["decision"])]
            found = await desk.board.get(UUID(str(trade_row["decision"])))
            if found is None or not isinstance(found.body, Decision):
                continue
            closers = await self._closers(trade_row, rows)
            trade = await self._moved([*mine, *closers], trade_row, found.body, drafts, writes, strand.at)
            if trade.flat:
                drafts += await self._close(trade, found.body, writes, strand.at)
            else:
                funding = await self._venue.funding_usd(trade.symbol, trade.opened_at, strand.at)
                held.append(_held(trade, found.body, self._venue.name, balance, funding))
        drafts += await self._entries(rows, writes, desk)
        drafts.append(self._tracking(balance, held))
        return Said(drafts=tuple(drafts), writes=tuple(writes))

    async def _entries(
        self, rows: Sequence[Mapping[str, Any]], writes: list[Write], desk: Desk
    ) -> list[Draft]:
        """Entries that still rest: fills are told, and what is too late or halted is cancelled."""
        halts = {halt["symbol"] for halt in await desk.tables.look("halt.all")}
        told: list[Draft] = []
        for row in rows:
            if row["leg"] != "entry" or row["state"] not in ("acknowledged", "partly_filled"):
                continue
            found = await desk.board.get(UUID(str(row["decision"])))
            report = await self._venue.order(row["cloid"])
            if report is None or found is None or not isinstance(found.body, Decision):
                continue
            late = found.body.expires_at <= desk.now
            if report.state in ("acknowledged", "partly_filled") and (late or halts & {"", row["symbol"]}):
                report = await self._venue.cancel(row["symbol"], row["cloid"], desk.now) or report
                report = replace(report, state="expired" if late and not report.filled else report.state)
            if _changed(row, report):
                told.append(saying.drafted(saying.of_row(row, found.body, report), found.id))
                writes.append(tables.moved(row, report, desk.now))
        return told

    async def _closers(
        self, trade: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]
    ) -> list[Mapping[str, Any]]:
        """Closing orders carry a decision of their own; they belong to the position of their plan."""
        same_plan = [row for row in rows if row["leg"] == "close" and trade["plan"] is not None]
        return [row for row in same_plan if str(row["plan"]) == str(trade["plan"])]

    async def _moved(
        self,
        rows: Sequence[Mapping[str, Any]],
        trade_row: Mapping[str, Any],
        decision: Decision,
        drafts: list[Draft],
        writes: list[Write],
        at: datetime,
    ) -> Trade:
        """Every order of a trade as the venue sees it now; what changed is told."""
        trade = Trade.begin(trade_row, decision)
        for row in rows:
            report = await self._venue.order(row["cloid"])
            if report is None:
                continue
            trade = trade.with_order(row, report)
            if _changed(row, report):
                drafts.append(saying.drafted(saying.of_row(row, decision, report), trade.decision))
                writes.append(tables.moved(row, report, at))
        return trade

    async def _close(
        self, trade: Trade, decision: Decision, writes: list[Write], at: datetime
    ) -> list[Draft]:
        """The one closing path: what still rests is cancelled, the result is booked and told."""
        for cloid in trade.resting:
            await self._venue.cancel(trade.symbol, cloid, at)
        funding = await self._venue.funding_usd(trade.symbol, trade.opened_at, at)
        realised = trade.realised_usd + funding
        writes.append(tables.close_trade(trade.decision, realised, at))
        closed = saying.of_decision(
            trade.decision,
            decision,
            "closed",
            filled=trade.entered,
            average_price=trade.entry_price,
            fee_usd=trade.fees_usd,
            realised_usd=realised,
            why=trade.ended_by,
        )
        return [closed]

    def _tracking(self, balance: Balance, held: Sequence[Held]) -> Draft:
        signed = [p.quantity * p.mark for p in balance.positions]
        body = PositionTracking(
            venue=self._venue.name,
            mode=self._venue.mode,
            equity_usd=balance.equity_usd,
            cash_usd=balance.cash_usd,
            flows_usd=balance.flows_usd,
            realised_usd=balance.cash_usd - balance.flows_usd,
            unrealised_usd=sum((p.unrealised_usd for p in balance.positions), Decimal(0)),
            held=tuple(held),
            open_orders=balance.open_orders,
            gross_usd=sum(map(abs, signed), Decimal(0)),
            net_usd=sum(signed, Decimal(0)),
            unexplained=_unexplained(balance, held),
        )
        return Draft(body=body, tags=TRACKING)


def _changed(row: Mapping[str, Any], report: Report) -> bool:
    return bool(row["state"] != report.state or Decimal(str(row["filled"])) != report.filled)


def _held(trade: Trade, decision: Decision, venue: str, balance: Balance, funding: Decimal) -> Held:
    mark = next((p.mark for p in balance.positions if p.symbol == trade.symbol), trade.entry_price)
    quantity = trade.quantity
    stop = decision.stop
    return Held(
        venue=venue,
        symbol=trade.symbol,
        quantity=quantity,
        entry_price=trade.entry_price,
        mark=mark,
        unrealised_usd=quantity * (mark - trade.entry_price),
        realised_usd=trade.realised_usd,
        funding_usd=funding,
        fees_usd=trade.fees_usd,
        stop=stop,
        risk_usd=abs(quantity) * abs(trade.entry_price - stop) if stop is not None else abs(quantity) * mark,
        opened_at=trade.opened_at,
        decision=trade.decision,
        plan=decision.plan,
        exploration=decision.exploration,
    )


def _unexplained(balance: Balance, held: Sequence[Held]) -> tuple[str, ...]:
    """Symbols on which our trades and the venue's position differ."""
    ours: dict[str, Decimal] = {}
    for position in held:
        ours[position.symbol] = ours.get(position.symbol, Decimal(0)) + position.quantity
    theirs = {p.symbol: p.quantity for p in balance.positions}
    symbols = sorted({*ours, *theirs})
    return tuple(s for s in symbols if ours.get(s, Decimal(0)) != theirs.get(s, Decimal(0)))
