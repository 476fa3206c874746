"""What each team's strands say, as streams of events: a name, and the symbol on which it began."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from uuid import UUID

from strandloom.blackboard.desk import Reader
from strandloom.blackboard.strand import Strand
from strandloom.kinds.decision import Decision, Refusal
from strandloom.kinds.pattern import Overview
from strandloom.kinds.performance import PerformanceAnalysis
from strandloom.kinds.prediction import Outcome

Event = tuple[str, str]  # stream, symbol
LONGEST = {"overview": 30, "decision": 200, "refusal": 200, "outcome": 1_000, "performance_analysis": 200}
"""How many strands of a kind one quarter of an hour is taken to have at most; the newest count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What began in a stretch of time, and the strands that say so."""

    began: Mapping[str, tuple[str, ...]]
    said_by: Mapping[Event, UUID]


async def seen(board: Reader, after: datetime, until: datetime) -> Seen:
    """Everything that the teams said in (after, until]."""
    said_by: dict[Event, UUID] = {}
    for kind, limit in LONGEST.items():
        for strand in _within(await board.latest(kind, limit=limit), after, until):
            for event in events(strand):
                said_by.setdefault(event, strand.id)
    began: dict[str, list[str]] = {}
    for stream, symbol in sorted(said_by):
        began.setdefault(stream, []).append(symbol)
    return Seen(began={stream: tuple(symbols) for stream, symbols in began.items()}, said_by=said_by)


def events(strand: Strand) -> Iterator[Event]:
    """What it says began; nothing where its kind tells of no beginning."""
    read = _READ.get(strand.kind)
    return read(strand) if read is not None else iter(())


def _within(newest_first: Sequence[Strand], after: datetime, until: datetime) -> Iterator[Strand]:
    fresh = takewhile(lambda strand: strand.at > after, newest_first)
    return (strand for strand in fresh if strand.at <= until)


def _overview(strand: Strand) -> Iterator[Event]:
    """`BTC volume.spike:up@1m` in whichever timeframe: the same pattern on two of them is one event."""
    assert isinstance(strand.body, Overview)  # noqa: S101 - its kind's body
    for told in strand.body.began:
        symbol, _, name = told.partition(" ")
        yield name.partition("@")[0], symbol


def _decision(strand: Strand) -> Iterator[Event]:
    body = strand.body
    assert isinstance(body, Decision)  # noqa: S101 - its kind's body
    what = "close" if body.intent == "close" else "probe" if body.exploration else "approved"
    yield f"decision_maker.{what}:{body.side}", body.symbol


def _refusal(strand: Strand) -> Iterator[Event]:
    assert isinstance(strand.body, Refusal)  # noqa: S101 - its kind's body
    yield f"decision_maker.refused:{strand.body.side}", strand.body.symbol


def _outcome(strand: Strand) -> Iterator[Event]:
    body = strand.body
    assert isinstance(body, Outcome)  # noqa: S101 - its kind's body
    if body.family == "pattern" and not body.late:
        yield f"learning.{'won' if body.won else 'lost'}:{body.direction}", body.symbol


def _performance(strand: Strand) -> Iterator[Event]:
    assert isinstance(strand.body, PerformanceAnalysis)  # noqa: S101 - its kind's body
    yield f"trader.{strand.body.style}:{strand.body.side}", strand.body.symbol


_READ: Mapping[str, Callable[[Strand], Iterator[Event]]] = {
    "overview": _overview,
    "decision": _decision,
    "refusal": _refusal,
    "outcome": _outcome,
    "performance_analysis": _performance,
}
