"""The thin module around rules: a heartbeat in, patterns out."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from strandloom.blackboard.desk import Ahead, Desk, Market, Reader
from strandloom.blackboard.strand import NOTHING, Said, Strand
from strandloom.kinds.heartbeat import Heartbeat
from strandloom.learning.standings import Standings
from strandloom.market.timeframes import MINUTES
from strandloom.teams.raw_data.coming import Coming
from strandloom.teams.raw_data.cycle import Cycle
from strandloom.teams.raw_data.source import Source
from strandloom.teams.raw_data.standing import Place, Standing, still_standing

RESTORED = 1_000  # patterns of each symbol that a restart reads at most
_TAGS = {
    1: "market:heartbeat",
    5: "market:heartbeat:5m",
    15: "market:heartbeat:15m",
    60: "market:heartbeat:60m",
}


class Detector:
    """One module of the team.  Which patterns stand is a function of the bars alone.

    All that it remembers is what it has said: which standing patterns it announced, under which strand.
    After a restart that is read back from the board, and a heartbeat that comes again is answered the same.
    """

    def __init__(self, name: str, sources: Sequence[Source]) -> None:
        self.name = f"raw_data.{name}"
        self.reads = (_TAGS[min(MINUTES[source.timeframe] for source in sources)],)
        self.sources = tuple(sources)
        self._coming = Coming(self.sources)
        self._announced: dict[Place, Standing] | None = None
        self._standings = Standings()  # nothing is known
        self._last: tuple[UUID, Said] | None = None
        self._wakes_at = -1

    def quote(self, standings: Standings) -> "Detector":
        """From now on each pattern says what is known of its key."""
        self._standings = standings
        return self

    async def handle(self, strand: Strand, desk: Desk) -> Said:
        if self._announced is None:
            self._announced = await self._restore(desk.board, desk.market.symbols)
        if self._last is None or self._last[0] != strand.id:
            self._last = strand.id, self._answer(strand, desk.market, self._announced)
            self._wakes_at = -1
        return self._last[1]

    async def wakes(self, ahead: Ahead, desk: Desk) -> int:
        """When a pattern begins or ends, or one that was announced has grown."""
        if self._announced is None or not self._coming.foreseen:
            return ahead.first
        if self._wakes_at < ahead.first:  # else what was found stays true: it has said nothing since
            change = self._coming.next_change(ahead)
            self._wakes_at = self._coming.next_growth(self._announced.items(), ahead, change)
        return self._wakes_at

    def _answer(self, strand: Strand, market: Market, announced: dict[Place, Standing]) -> Said:
        assert isinstance(strand.body, Heartbeat)  # noqa: S101 - that is what it reads
        cycle = Cycle(self.name, strand, strand.body, market, announced, self._standings)
        for source in self.sources:
            if market.closes(source.timeframe):
                standing = source.standing(market)
                if announced or (standing[0] != standing[1]).any():
                    cycle.look(source, standing)
        return Said(drafts=tuple(cycle.drafts)) if cycle.drafts else NOTHING

    async def _restore(self, board: Reader, symbols: Iterable[str]) -> dict[Place, Standing]:
        own: list[Strand] = []
        for symbol in symbols:
            patterns = await board.latest("pattern", symbol=symbol, limit=RESTORED)
            own += [strand for strand in patterns if strand.module == self.name]
        return still_standing(own)
