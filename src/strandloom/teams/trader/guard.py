"""trader.guard: no position without a stop; where none can be placed, the position goes."""

from datetime import datetime, timedelta
from uuid import UUID

from strandloom.blackboard.desk import Desk
from strandloom.blackboard.strand import NOTHING, Said, Strand
from strandloom.kinds.attention import Attention
from strandloom.kinds.order import OrderStatus
from strandloom.teams.trader import closing, protection, saying
from strandloom.teams.trader import order as orders
from strandloom.teams.trader import trade as trades
from strandloom.teams.trader.foretelling import Foretelling
from strandloom.teams.trader.order import Order
from strandloom.teams.trader.trade import Trade
from strandloom.teams.trader.withdrawing import withdrawn
from strandloom.venues.port import LIVE, Venue, VenueSilent

ON_ITS_WAY = timedelta(seconds=30)  # so long an order that nobody has seen at the venue may still be coming


class Guard:
    """What may have left a position bare leads here, and each repair; what is missing is asked for."""

    name = "trader.guard"
    reads = (saying.BARE, "trader:attention:repair", "trader:attention:overrun")

    def __init__(self, venue: Venue, foretell: Foretelling) -> None:
        self._venue = venue
        self._foretell = foretell

    async def handle(self, strand: Strand, desk: Desk) -> Said:
        body = strand.body
        if isinstance(body, OrderStatus):
            return await self._order(body, strand, desk)
        if isinstance(body, Attention):
            return await self._attention(body, strand, desk)
        return NOTHING

    async def _order(self, body: OrderStatus, strand: Strand, desk: Desk) -> Said:
        trade_of = body.trade or body.decision
        if body.leg == "stop" and body.state == "rejected":
            return await self._refused(trade_of, body, strand, desk)
        return await self._guarded(trade_of, strand, desk)

    async def _refused(self, name: UUID, body: OrderStatus, strand: Strand, desk: Desk) -> Said:
        """The position goes, unless the stop was to go along with its entry: then it is tried on its own."""
        trade = await self._trade(name, desk)
        if trade is not None and any(o.cloid == body.cloid and o.goes_with for o in trade.orders):
            return await self._guarded(name, strand, desk)
        return await self._closed(name, f"its stop could not be placed: {body.why}", strand, desk)

    async def _attention(self, body: Attention, strand: Strand, desk: Desk) -> Said:
        if body.trade is None:
            return NOTHING
        if body.reason == "overrun":
            return await self._closed(body.trade, "; ".join(body.what), strand, desk)
        return await self._repaired(body.trade, strand, desk)

    async def _repaired(self, name: UUID, strand: Strand, desk: Desk) -> Said:
        """A closing that was begun is brought to its end; else what is missing is asked for."""
        trade = await self._trade(name, desk)
        if trade is not None and any(order.leg == "close" and order.is_over for order in trade.orders):
            return await self._closed(name, "its closing order did not close it", strand, desk)
        return await self._guarded(name, strand, desk, repair=True)

    async def _guarded(self, name: UUID, strand: Strand, desk: Desk, *, repair: bool = False) -> Said:
        """Ask for the guards that are missing; a repair trusts only what the venue has, or might just get."""
        trade = await self._trade(name, desk)
        if trade is None:
            return NOTHING
        trusted = _seen_by(strand.at) if repair else protection.stands
        asked = saying.asked(protection.missing(trade, strand.at, trusted), strand.at)
        gone = await self._one_stop(trade, strand, desk)
        return saying.joined(await self._foretell(asked, desk), gone)

    async def _one_stop(self, trade: Trade, strand: Strand, desk: Desk) -> Said:
        """Where one stop covers everything, and the venue says so, those beside it go."""
        best, others = protection.surplus(trade)
        if best is None or not others:
            return NOTHING
        try:
            report = await self._venue.order(best.cloid)
        except VenueSilent:
            return NOTHING  # two of them do no harm: both only reduce
        if report is None or report.state not in LIVE:
            return NOTHING
        gone = [await withdrawn(self._venue, one, best.cloid, strand.at, desk.now) for one in others]
        return saying.joined(*gone)

    async def _closed(self, name: UUID, why: str, strand: Strand, desk: Desk) -> Said:
        trade = await self._trade(name, desk)
        if trade is None:
            return NOTHING
        marks = await self._venue.marks()
        intent = closing.of_trade(trade, marks.get(trade.symbol, trade.entry_price), why, strand.at)
        asked = saying.asked([intent] if intent else [], strand.at)
        return await self._foretell(asked, desk)

    async def _trade(self, name: UUID, desk: Desk) -> Trade | None:
        rows = [row for row in await desk.tables.look("trade.open") if row["decision"] == str(name)]
        if not rows:
            return None
        found = await desk.tables.look("order.of", trade=str(name))
        return trades.of(rows[0], [orders.from_row(row) for row in found])


def _seen_by(at: datetime) -> protection.Trusted:
    def trusted(order: Order) -> bool:
        return order.rests or (order.stands and at - order.at < ON_ITS_WAY)

    return trusted
