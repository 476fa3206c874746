"""trader.coordinator: what a halt and an order to flatten mean for what rests and what is held."""

from collections.abc import Collection, Sequence
from datetime import datetime

from strandloom.blackboard.desk import Desk
from strandloom.blackboard.strand import NOTHING, Draft, Said, Strand
from strandloom.kinds.attention import Flatten
from strandloom.kinds.decision import HaltOrder
from strandloom.kinds.order import OrderIntent
from strandloom.kinds.sweep import Closing, Sweep
from strandloom.teams.trader import closing, saying
from strandloom.teams.trader.foretelling import Foretelling
from strandloom.teams.trader.keep_up import keep_up
from strandloom.teams.trader.round import Round
from strandloom.teams.trader.sweeping import Held, Sweeping
from strandloom.venues.port import Venue, VenueSilent

TAGS = ("trader:sweep",)


class Coordinator:
    """What could open a position goes, whoever placed it; what guards one stays; flattening closes, too."""

    name = "trader.coordinator"
    reads = ("trader:halt", "trader:flatten")

    def __init__(self, venue: Venue, foretell: Foretelling) -> None:
        self._venue = venue
        self._foretell = foretell

    async def handle(self, strand: Strand, desk: Desk) -> Said:
        body = strand.body
        if not isinstance(body, HaltOrder | Flatten):
            return NOTHING
        await keep_up(self._venue, desk, needed=False)
        order_rows = await desk.tables.look("order.live")
        round_ = Round(self._venue, strand.at, order_rows, await desk.tables.look("trade.open"))
        held, silent = await self._held()
        sweeping = Sweeping(self._venue, round_, held)
        orders = await sweeping.swept(body.symbol)
        intents: Sequence[OrderIntent] = ()
        if isinstance(body, Flatten):
            intents = self._closings(body, strand, round_, held, desk.now)
        if isinstance(body, HaltOrder) and not silent and all(one.became == "kept" for one in orders):
            return NOTHING
        ours = {trade.decision for trade in round_.trades()}
        told = Sweep(
            why=body.reason,
            symbol=body.symbol,
            orders=orders,
            closing=tuple(_closing(intent, ours) for intent in intents),
            silent=silent,
        )
        report = Said(drafts=(Draft(body=told, tags=TAGS, symbol=body.symbol),))
        said = saying.joined(report, round_.said(), saying.asked(intents, desk.now))
        return await self._foretell(said, desk)

    async def _held(self) -> tuple[Held, tuple[str, ...]]:
        """The positions of each account that answers, and those that do not; VenueSilent where none does."""
        held: Held = {}
        silent: list[str] = []
        for account in self._venue.accounts:
            try:
                held[account.name] = (await account.balance()).positions
            except VenueSilent:
                if len(silent) + 1 == len(self._venue.accounts):
                    raise
                silent.append(account.name)
        return held, tuple(silent)

    def _closings(
        self, body: Flatten, strand: Strand, round_: Round, held: Held, at: datetime
    ) -> list[OrderIntent]:
        """Close every trade of ours, and every position that none of them explains, each in its account."""
        why = f"flattened: {body.reason}"
        marks = {position.symbol: position.mark for positions in held.values() for position in positions}
        trades = [trade for trade in round_.trades() if trade.held > 0]
        ours = {(self._venue.account_of(trade.venue).name, trade.symbol) for trade in trades}
        mine = [closing.of_trade(t, marks.get(t.symbol, t.entry_price), why, at) for t in trades]
        others = [
            closing.of_position(strand.id, position, account, why, at)
            for account, positions in held.items()
            for position in positions
            if (account, position.symbol) not in ours
        ]
        wanted = [intent for intent in (*mine, *others) if intent is not None]
        return [intent for intent in wanted if body.symbol in (None, intent.symbol)]


def _closing(intent: OrderIntent, trades: Collection[object]) -> Closing:
    return Closing(
        venue=intent.venue,
        symbol=intent.symbol,
        side=intent.side,
        quantity=intent.quantity,
        ours=intent.trade in trades,
    )
