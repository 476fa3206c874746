"""trader.coordinator: what a halt and an order to flatten mean for what rests and what is held."""

from datetime import datetime

from strandloom.blackboard.desk import Desk
from strandloom.blackboard.strand import NOTHING, Said, Strand
from strandloom.kinds.attention import Flatten
from strandloom.kinds.decision import HaltOrder
from strandloom.teams.trader import closing, saying
from strandloom.teams.trader.keep_up import keep_up
from strandloom.teams.trader.round import Round
from strandloom.venues.port import Venue


class Coordinator:
    """Entries go, stops stay; to flatten closes everything besides, also while halted."""

    name = "trader.coordinator"
    reads = ("trader:halt", "trader:flatten")

    def __init__(self, venue: Venue) -> None:
        self._venue = venue

    async def handle(self, strand: Strand, desk: Desk) -> Said:
        body = strand.body
        if not isinstance(body, HaltOrder | Flatten):
            return NOTHING
        await keep_up(self._venue, desk, needed=False)
        order_rows = await desk.tables.look("order.live")
        round_ = Round(self._venue, strand.at, order_rows, await desk.tables.look("trade.open"))
        for order in list(round_.orders.values()):
            if order.leg == "entry" and order.rests and body.symbol in (None, order.symbol):
                await round_.cancel(order)
        said = round_.said()
        if isinstance(body, Flatten):
            said = saying.joined(said, await self._closed(body, strand, round_, desk.now))
        return said if said.drafts else NOTHING

    async def _closed(self, body: Flatten, strand: Strand, round_: Round, at: datetime) -> Said:
        """Close every trade of ours, and every position that none of them explains."""
        why = f"flattened: {body.reason}"
        positions = (await self._venue.balance()).positions
        marks = {position.symbol: position.mark for position in positions}
        trades = [trade for trade in round_.trades() if trade.held > 0]
        ours = {trade.symbol for trade in trades}
        mine = [closing.of_trade(t, marks.get(t.symbol, t.entry_price), why, at) for t in trades]
        others = [
            closing.of_position(strand.id, position, self._venue.name, why, at)
            for position in positions
            if position.symbol not in ours
        ]
        wanted = [intent for intent in (*mine, *others) if intent is not None]
        return saying.asked([intent for intent in wanted if body.symbol in (None, intent.symbol)], at)
