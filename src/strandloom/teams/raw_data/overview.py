"""raw_data.overview: one strand per cycle that names what began, what ended and what stands together."""

from collections.abc import Iterator, Sequence

import numpy as np

from strandloom.blackboard.desk import Desk, Market
from strandloom.blackboard.strand import NOTHING, Draft, Said, Strand
from strandloom.indicators import calendar
from strandloom.indicators.frame import Flags, Floats
from strandloom.kinds.heartbeat import Heartbeat
from strandloom.kinds.pattern import Overview
from strandloom.market import minute as minutes
from strandloom.teams.raw_data.source import Source
from strandloom.teams.raw_data.telling import able, direction_of


class Overviewer:
    """Looks through the sources of all detectors itself, so it needs to wait for none of them."""

    name = "raw_data.overview"
    reads = ("market:heartbeat",)

    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources = tuple(sources)

    async def handle(self, strand: Strand, desk: Desk) -> Said:
        beat = strand.body
        assert isinstance(beat, Heartbeat)  # noqa: S101 - that is what it reads
        return NOTHING if beat.catch_up else _overview(self._sources, beat, desk.market)


def _overview(sources: Sequence[Source], beat: Heartbeat, market: Market) -> Said:
    closing = [source for source in sources if market.closes(source.timeframe)]
    standing = [source.standing(market) for source in closing]
    if not any((each[0] != each[1]).any() for each in standing):
        return NOTHING
    free = able(beat, market)
    began = [*_cells(closing, [_began(each) & free for each in standing], [each[0] for each in standing])]
    ended = [*_cells(closing, [_ended(each) & free for each in standing], [each[1] for each in standing])]
    if not began and not ended:
        return NOTHING
    touched = sorted({symbol for _, symbol in began})
    body = Overview(
        minute=minutes.opens(market.minute),
        timeframes=tuple(dict.fromkeys(source.timeframe for source in closing)),
        began=tuple(f"{market.symbols[symbol]} {name}" for name, symbol in began),
        ended=tuple(f"{market.symbols[symbol]} {name}" for name, symbol in ended),
        active=sum(int(np.count_nonzero(source.standing(market)[0])) for source in sources),
        signatures={market.symbols[symbol]: _signature(sources, market, symbol) for symbol in touched},
    )
    tags = ("raw_data:overview", "cil:overview")
    return Said(drafts=(Draft(body=body, tags=tags, session_bucket=calendar.session(market.minute)),))


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
