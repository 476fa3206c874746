"""raw_data.overview: one strand per cycle that names what began, what ended and what stands together."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from strandloom.blackboard.desk import Ahead, Desk, Market
from strandloom.blackboard.strand import NOTHING, Draft, Said, Strand
from strandloom.indicators import calendar
from strandloom.indicators.frame import Flags, Floats
from strandloom.kinds.heartbeat import Heartbeat
from strandloom.kinds.pattern import Overview
from strandloom.llm.port import Ask, Evidence, Writer
from strandloom.llm.rule import RuleWriter
from strandloom.market import minute as minutes
from strandloom.teams.raw_data.coming import Coming
from strandloom.teams.raw_data.source import Source
from strandloom.teams.raw_data.telling import able, direction_of

WORDED = "15m"  # a model words the overviews of these minutes; rules those between
BY_RULES = RuleWriter()
PLAIN = "{began_count} began and {ended_count} ended; {active} stand. Began: {began}. Ended: {ended}."


class Overviewer:
    """Looks through the sources of all detectors itself, so it needs to wait for none of them."""

    name = "raw_data.overview"
    reads = ("market:heartbeat",)

    def __init__(self, sources: Sequence[Source], writer: Writer | None = None) -> None:
        self._sources = tuple(sources)
        self._writer = writer or RuleWriter()
        self._coming = Coming(self._sources)

    async def wakes(self, ahead: Ahead, desk: Desk) -> int:
        """When anything begins or ends."""
        return self._coming.next_change(ahead) if self._coming.foreseen else ahead.first

    async def handle(self, strand: Strand, desk: Desk) -> Said:
        beat = strand.body
        assert isinstance(beat, Heartbeat)  # noqa: S101 - that is what it reads
        seen = None if beat.catch_up else _overview(self._sources, beat, desk.market)
        if seen is None:
            return NOTHING
        writer = self._writer if desk.market.closes(WORDED) else BY_RULES
        prose = await writer.prose(_ask(strand, seen), PLAIN)
        body = replace(seen, text=prose.text, writer=str(prose.by))
        tags = ("raw_data:overview", "cil:overview")
        return Said(
            drafts=(Draft(body=body, tags=tags, session_bucket=calendar.session(desk.market.minute)),)
        )


def _ask(strand: Strand, seen: Overview) -> Ask:
    signatures = tuple(f"{symbol}: {stands}" for symbol, stands in seen.signatures.items())
    evidence = Evidence(
        numbers={"active": seen.active, "began_count": len(seen.began), "ended_count": len(seen.ended)},
        names={"began": seen.began, "ended": seen.ended, "signatures": signatures},
    )
    return Ask(
        agent="raw_data.overview",
        prompt="raw_data/overview",
        evidence=evidence,
        at=strand.at,
        correlation=strand.lifecycle,
    )


def _overview(sources: Sequence[Source], beat: Heartbeat, market: Market) -> Overview | None:
    closing = [source for source in sources if market.closes(source.timeframe)]
    standing = [source.standing(market) for source in closing]
    if not any((each[0] != each[1]).any() for each in standing):
        return None
    free = np.array([able(beat, market, symbol) for symbol in range(len(market.symbols))])
    began = [*_cells(closing, [_began(each) & free for each in standing], [each[0] for each in standing])]
    ended = [*_cells(closing, [_ended(each) & free for each in standing], [each[1] for each in standing])]
    if not began and not ended:
        return None
    touched = sorted({symbol for _, symbol in began})
    return Overview(
        minute=minutes.opens(market.minute),
        timeframes=tuple(dict.fromkeys(source.timeframe for source in closing)),
        began=tuple(f"{market.symbols[symbol]} {name}" for name, symbol in began),
        ended=tuple(f"{market.symbols[symbol]} {name}" for name, symbol in ended),
        active=sum(int(np.count_nonzero(source.standing(market)[0])) for source in sources),
        signatures={market.symbols[symbol]: _signature(sources, market, symbol) for symbol in touched},
    )


def _began(standing: Floats) -> Flags:
    began: Flags = np.logical_and(standing[0] != 0.0, standing[0] != standing[1])
    return began


def _ended(standing: Floats) -> Flags:
    ended: Flags = np.logical_and(standing[1] != 0.0, standing[0] != standing[1])
    return ended


def _cells(
    sources: Sequence[Source], flags: Sequence[Flags], directions: Sequence[Floats]
) -> Iterator[tuple[str, int]]:
    """Name and symbol of every flagged cell."""
    for source, flag, direction in zip(sources, flags, directions, strict=True):
        for rule, symbol in np.argwhere(flag).tolist():
            yield _spelled(source, rule, direction[rule, symbol]), symbol


def _spelled(source: Source, rule: int, sign: float) -> str:
    direction = direction_of(source.rules[rule], int(sign))
    name = source.rules[rule].name
    return f"{name}:{direction}@{source.timeframe}" if direction else f"{name}@{source.timeframe}"


def _signature(sources: Sequence[Source], market: Market, symbol: int) -> str:
    """Everything that stands on a symbol, in alphabetical order."""
    named = []
    for source in sources:
        now = source.standing(market)[0][:, symbol]
        named += [_spelled(source, rule, now[rule]) for rule in np.flatnonzero(now).tolist()]
    return " + ".join(sorted(named))
