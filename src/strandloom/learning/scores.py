"""learning.scores: scores the keys that a minute touched, and nightly all that can have changed, with θ."""

from collections.abc import Iterable, Sequence
from statistics import fmean
from uuid import UUID

from strandloom.blackboard.desk import Ahead, Desk
from strandloom.blackboard.strand import NOTHING, Draft, Said, Strand
from strandloom.kinds.heartbeat import Heartbeat
from strandloom.kinds.job import Job
from strandloom.kinds.resonance import Resonance, ResonantKey
from strandloom.learning import tables
from strandloom.learning.book import Book
from strandloom.learning.field import Field, field
from strandloom.learning.keys import PatternKey, scopes
from strandloom.learning.scored import Scored
from strandloom.learning.shelf import is_leaf
from strandloom.scoring.follow import MINUTE_S
from strandloom.scoring.resonance import WINDOW_BLOCKS

CHUNK = 2_000  # rows of one write
BEST = 10


class KeyScorer:
    """What it works out at one minute, others read from the next minute on."""

    name = "learning.scores"
    reads = ("market:heartbeat", "system:job:nightly")

    def __init__(self, book: Book) -> None:
        self._book = book
        self._today: set[PatternKey] = set()  # leaves with outcomes since the last night
        self._last: tuple[UUID, Said] | None = None

    async def wakes(self, ahead: Ahead, desk: Desk) -> int:
        """With the minute that opens when an outcome has closed."""
        touched_s = self._book.touched_s()
        return ahead.stop if touched_s is None else max(ahead.first, -(-touched_s // MINUTE_S))

    async def handle(self, strand: Strand, desk: Desk) -> Said:
        if self._last is not None and self._last[0] == strand.id:
            return self._last[1]
        body, said = strand.body, NOTHING
        if isinstance(body, Heartbeat):
            said = self._minute(int(body.minute.timestamp()), strand)
        elif isinstance(body, Job):
            said = self._night(body, strand)
        if said is not NOTHING:
            self._last = strand.id, said
        return said

    def _minute(self, minute_s: int, strand: Strand) -> Said:
        """The keys of outcomes that were known when this minute opened."""
        leaves = self._book.take_touched(minute_s)
        if not leaves:
            return NOTHING
        self._today.update(leaves)
        keys = dict.fromkeys(key for leaf in leaves for key in scopes(leaf))
        rows = self._book.scores(keys, minute_s)
        self._book.standings.tell(minute_s, _leaves(rows))
        return Said(writes=(tables.put_scores(rows, strand.at),))

    def _night(self, job: Job, strand: Strand) -> Said:
        now_s = int(strand.at.timestamp())
        touched = {key for leaf in self._today for key in scopes(leaf)}
        self._today.clear()
        seasoned = self._book.seasoned(WINDOW_BLOCKS)
        rows = self._book.scores(dict.fromkeys((*seasoned, *touched)), now_s)
        found = field(self._book, rows)
        marked = {row.key: row for row in found.leaves}
        rows = [marked.get(row.key, row) for row in rows]
        self._book.standings.tell(now_s, _leaves(rows), found.theta)
        kept = [row for row in rows if row.n_blocks >= WINDOW_BLOCKS and row.key in touched]
        body = _resonance(job, rows, found, len(self._book.shelf.keys))
        return Said(
            drafts=(Draft(body=body, tags=("cil:resonance", "learning:scores")),),
            writes=(
                *(tables.put_scores(part, strand.at) for part in _chunks(rows)),
                *(tables.keep_scores(part, strand.at) for part in _chunks(kept)),
            ),
        )


def _resonance(job: Job, rows: Sequence[Scored], found: Field, keys: int) -> Resonance:
    known = [(row.resonance, row) for row in rows if row.resonance is not None]
    best = sorted(known, key=lambda each: (-each[0], str(each[1].key)))[:BEST]
    return Resonance(
        slot=job.slot,
        theta=found.theta,
        theta_by_regime=found.by_regime,
        keys=keys,
        compared=len(found.leaves),
        resonant=len(known),
        mean_resonance=fmean(r for r, _ in known) if known else None,
        best=tuple(_told(r, row) for r, row in best),
    )


def _told(resonance: float, row: Scored) -> ResonantKey:
    return ResonantKey(
        key=str(row.key),
        n_blocks=row.n_blocks,
        sr=row.sr,
        sr_low=row.sr_low,
        net_bps=row.net_bps,
        phi=row.phi,
        rho=row.rho,
        resonance=resonance,
        selection=row.selection,
    )


def _leaves(rows: Iterable[Scored]) -> list[Scored]:
    return [row for row in rows if is_leaf(row.key)]


def _chunks(rows: Sequence[Scored]) -> Iterable[Sequence[Scored]]:
    return (rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK))
