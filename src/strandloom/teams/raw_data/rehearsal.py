"""The team and learning over any bars, in lockstep on a board in memory: to measure, to draw, to look."""

from datetime import UTC, datetime

from strandloom.blackboard.desk import desks
from strandloom.blackboard.lockstep import Lockstep
from strandloom.blackboard.module import Seat
from strandloom.blackboard.strand import Strand
from strandloom.learning.book import Book
from strandloom.learning.evidence import Evidence
from strandloom.learning.horizons import Horizons
from strandloom.learning.outcomes import Outcomes
from strandloom.market import beat
from strandloom.market.history import History
from strandloom.market.panel import Panel
from strandloom.market.replay import beats
from strandloom.scoring.costs import VENUE
from strandloom.teams.raw_data import team

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


async def rehearse(market: Panel, start: int) -> list[Strand]:
    """All strands about the minutes from `start` on; the bars before are the market's past."""
    book = Book(Horizons(team.horizons()))
    learning = (Seat(module=Outcomes()), Seat(module=Evidence(book)))
    network = Lockstep((*team.seats(book, VENUE), *learning), lambda: datetime.now(UTC), forgiving=False)
    network.lay(desks(network.past, History(market).at))
    for each in beats(market.between(start, market.stop)):
        network.post([beat.draft(each.minute, each.body)], beat.cause(market.venue, each.minute))
        await network.drain()
    return list(network.slate.archive.since(_BEGINNING))
