"""What a heartbeat says of its minute: one wording for the live assembler and for replays in bulk."""

from collections import defaultdict
from collections.abc import Sequence

from strandloom.kinds.heartbeat import Heartbeat, Problem
from strandloom.market import minute as minutes
from strandloom.market.holes import Holes

Noted = defaultdict[tuple[str | None, Problem], list[int]]


def describe(
    feed: str,
    minute: int,
    present: tuple[str, ...],
    absent: Sequence[str],
    holes: Holes,
    noted: Noted,
    filled: tuple[str, ...] = (),
    catch_up: bool = False,
) -> Heartbeat:
    """The heartbeat of a minute.  Moves the holes on to it, and notes which opened or closed."""
    late = tuple(symbol for symbol in absent if not holes.has(symbol, minute - 1))
    for symbol in absent:
        if holes.opened(symbol, minute):
            noted[symbol, "gap"].append(minute)
    for symbol in holes.age(minute):
        noted[symbol, "healed"].append(minute)
    return Heartbeat(
        feed=feed,
        minute=minutes.opens(minute),
        present=present,
        filled=filled,
        late=late,
        missing=tuple(symbol for symbol in absent if symbol not in late),
        blocked=holes.blocked(),
        catch_up=catch_up,
    )
