"""cil.synthesis: on the quarter hour, what the teams' strands say together, and where nothing is said."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from strandloom.blackboard.desk import Desk
from strandloom.blackboard.strand import Draft, Said, Strand
from strandloom.kinds.heartbeat import Heartbeat
from strandloom.kinds.insight import MetaSignal
from strandloom.learning.synthesis import coverage, pairs, quarters
from strandloom.learning.synthesis.coverage import Coverage
from strandloom.learning.synthesis.pairs import Found
from strandloom.learning.synthesis.quarters import QUARTER_S, SLOTS, History, Quarter
from strandloom.learning.synthesis.streams import Seen, seen
from strandloom.llm.port import Ask, Writer
from strandloom.teams.cil import telling

MINUTE, QUARTER = timedelta(minutes=1), timedelta(seconds=QUARTER_S)
MOST_PARENTS = 8
EACH_HOUR = 4  # quarters between two looks at coverage


class Synthesis:
    """Reads what is tagged for this layer as it stood a minute before; keeps two weeks of quarter hours."""

    name = "cil.synthesis"
    reads = ("market:heartbeat:15m",)

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._history: History | None = None

    async def handle(self, strand: Strand, desk: Desk) -> Said:
        beat = strand.body
        assert isinstance(beat, Heartbeat)  # noqa: S101 - that is what it reads
        number = int(desk.now.timestamp()) // QUARTER_S - 1
        history = await self._kept(desk, number)
        heard = await seen(desk.board, desk.now - QUARTER - MINUTE, desk.now - MINUTE)
        quarter = Quarter(number=number, began=heard.began)
        history.put(quarter)
        if beat.catch_up:
            return Said(writes=(quarters.put(quarter),))
        found = pairs.found(history, quarter, desk.market.symbols)
        before = () if (number + 1) % EACH_HOUR else _told_before(history, number)
        covered = _covered(history, number, desk, before)
        quarter = Quarter(
            number=number,
            began=heard.began,
            tried=tuple(map(pairs.spelled, found.tried)),
            told=covered.spelled() if covered else (),
            looked=covered is not None,
        )
        history.put(quarter)
        news = covered if covered is not None and covered.spelled() != before else None
        drafts = await self._drafts(strand, heard, found, news)
        return Said(drafts=drafts, writes=(quarters.put(quarter),))

    async def _kept(self, desk: Desk, number: int) -> History:
        """Ours, unless somebody else has gone on with it meanwhile."""
        if self._history is None or self._history.newest not in (number, number - 1):
            self._history = await quarters.restored(desk.tables)
        return self._history

    async def _drafts(
        self, strand: Strand, heard: Seen, found: Found, news: Coverage | None
    ) -> tuple[Draft, ...]:
        drafts = []
        if found.confluence or found.leads:
            since = strand.at - found.days * SLOTS * QUARTER
            ask, plain = telling.of_pairs(strand, found)
            text, writer = await self._words(ask, plain)
            body = MetaSignal(
                subject="confluence",
                since=since,
                until=strand.at,
                tests=len(found.tried),
                confluence=found.confluence,
                leads=found.leads,
                text=text,
                writer=writer,
            )
            drafts.append(_draft(body, _parents(heard, found)))
        if news is not None:
            drafts.append(await self._coverage(strand, news))
        return tuple(drafts)

    async def _coverage(self, strand: Strand, news: Coverage) -> Draft:
        ask, plain = telling.of_coverage(strand, news)
        text, writer = await self._words(ask, plain)
        body = MetaSignal(
            subject="coverage",
            since=strand.at - SLOTS * QUARTER,
            until=strand.at,
            unseen=news.unseen,
            blind=news.blind,
            silent=news.silent,
            text=text,
            writer=writer,
        )
        return _draft(body, ())

    async def _words(self, ask: Ask, plain: str) -> tuple[str, str]:
        prose = await self._writer.prose(ask, plain)
        return prose.text, str(prose.by)


def _covered(history: History, number: int, desk: Desk, before: tuple[str, ...]) -> Coverage | None:
    """Looked at once an hour."""
    if (number + 1) % EACH_HOUR:
        return None
    return coverage.coverage(history, number, desk.market, before)


def _told_before(history: History, number: int) -> tuple[str, ...]:
    """What was known of coverage when it was last looked at."""
    earlier = (q for q in history.since(number - 2 * SLOTS) if q.number < number and q.looked)
    last = next(earlier, None)
    return last.told if last else ()


def _parents(heard: Seen, found: Found) -> tuple[UUID, ...]:
    """The strands of this quarter in which the streams began."""
    named = {name for it in found.confluence for name in (it.one, it.other)}
    named |= {name for it in found.leads for name in (it.leader, it.follower)}
    ids = dict.fromkeys(name for (stream, _), name in sorted(heard.said_by.items()) if stream in named)
    return tuple(ids)[:MOST_PARENTS]


def _draft(body: MetaSignal, parents: Iterable[UUID]) -> Draft:
    tags = ("cil:meta_signal", f"cil:meta_signal:{body.subject}")
    return Draft(body=body, tags=tags, parents=tuple(parents))
