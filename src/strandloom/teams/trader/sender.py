"""trader.sender: sends what was asked for, and says what came of it."""

from decimal import Decimal

from strandloom.blackboard.desk import Desk
from strandloom.blackboard.strand import NOTHING, Said, Strand, Write
from strandloom.kinds.decision import Decision
from strandloom.kinds.order import OrderIntent
from strandloom.teams.trader import saying, tables
from strandloom.venues.port import Report, Venue


class Sender:
    """The second of the two steps: the intent is on the board before anything is sent."""

    name = "trader.sender"
    reads = ("trader:order_intent",)

    def __init__(self, venue: Venue) -> None:
        self._venue = venue

    async def handle(self, strand: Strand, desk: Desk) -> Said:
        intent = strand.body
        if not isinstance(intent, OrderIntent):
            return NOTHING
        found = await desk.board.get(intent.decision)
        if found is None or not isinstance(found.body, Decision):
            return NOTHING
        await self._venue.follow(desk.market)
        report = await self._venue.place(intent, desk.now)
        return self._told(strand, intent, found.body, report)

    def _told(self, strand: Strand, intent: OrderIntent, decision: Decision, report: Report) -> Said:
        draft = saying.status(intent, decision, report, risk_usd=_risk(intent, decision, report))
        writes: list[Write] = [tables.put_order(intent, decision.plan, report.state, report, strand.at)]
        if intent.leg == "entry" and report.filled > 0:
            writes.append(tables.open_trade(intent.decision, decision.plan, intent.symbol, strand.at))
        return Said(drafts=(draft,), writes=tuple(writes))


def _risk(intent: OrderIntent, decision: Decision, report: Report) -> Decimal:
    """What is lost if the stop fills at its price, for what was really filled."""
    if intent.leg != "entry" or report.average_price is None or decision.stop is None:
        return decision.risk_usd
    return report.filled * abs(report.average_price - decision.stop)
