"""One heartbeat as a value: what goes on the board, and which bars are stored in the same transaction."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from strandloom.basics.quick import quick
from strandloom.blackboard.cause import Cause, root
from strandloom.blackboard.strand import Draft, new_draft
from strandloom.kinds.heartbeat import DataQuality, Heartbeat, Problem
from strandloom.kinds.market import Bar
from strandloom.market import minute as minutes
from strandloom.market.describe import Noted

MODULE = "market.heartbeat"
_BOUNDARIES = ((5, "5m"), (15, "15m"), (30, "30m"), (60, "60m"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something about the data's quality, of one symbol or (None) of the whole feed."""

    symbol: str | None
    quality: DataQuality


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """A minute that has been decided.  All its bars and notes become known when the minute closes."""

    minute: int
    body: Heartbeat
    first: tuple[Bar, ...] = ()  # the bars of this minute
    after: tuple[Bar, ...] = ()  # late and revised bars of earlier minutes
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """A note that cannot wait for the next heartbeat, because none may come."""

    minute: int
    note: Note


def cause(feed: str, minute: int) -> Cause:
    """Why a minute's heartbeat is posted: the same for every process and every replay."""
    return root(MODULE, minutes.closes(minute), f"{feed}:{minute}")


def draft(minute: int, body: Heartbeat) -> Draft:
    """The heartbeat as it is posted."""
    return new_draft(body=body, tags=tags(minute))


def tags(minute: int) -> tuple[str, ...]:
    """`market:heartbeat`, and at the close of 5, 15, 30 and 60 minutes one tag more for each."""
    return _tags((minute + 1) % 60)


@lru_cache(maxsize=60)
def _tags(past_the_hour: int) -> tuple[str, ...]:
    ends = (f"market:heartbeat:{name}" for length, name in _BOUNDARIES if past_the_hour % length == 0)
    return ("market:heartbeat", *ends)


def note_draft(note: Note) -> Draft:
    """A note as it is posted."""
    return new_draft(
        body=note.quality,
        tags=("market:data_quality", f"market:data_quality:{note.quality.problem}"),
        symbol=note.symbol,
    )


def notes(feed: str, noted: Noted, offset_s: float | None = None) -> tuple[Note, ...]:
    """All that was noted, by symbol and problem."""
    ordered = sorted(noted.items(), key=lambda item: (item[0][0] or "", item[0][1]))
    return tuple(
        note(feed, problem, symbol, where, offset_s if problem == "clock_skew" else None)
        for (symbol, problem), where in ordered
    )


def note(
    feed: str,
    problem: Problem,
    symbol: str | None,
    where: list[int],
    offset_s: float | None = None,
) -> Note:
    """A note on those minutes."""
    first, last = _span(where)
    quality = DataQuality(
        feed=feed, problem=problem, count=len(where), first=first, last=last, offset_s=offset_s
    )
    return Note(symbol=symbol, quality=quality)


def _span(where: list[int]) -> tuple[datetime, datetime]:
    return minutes.opens(min(where)), minutes.opens(max(where))
