"""Where the network sees or hears nothing: symbols without bars or patterns, streams that fell silent."""

from dataclasses import dataclass

from strandloom.blackboard.desk import Market
from strandloom.learning.synthesis.quarters import SLOTS, History

BLIND_MIN = 30  # of the last hour's minutes
SILENT_AFTER_DAYS = 6  # days in a row on which it spoke
TEAM_STREAMS = ("decision_maker.", "trader.", "learning.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Sorted names; nothing in it means that all is seen."""

    blind: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()

    def spelled(self) -> tuple[str, ...]:
        """As a table keeps it."""
        parts = (("blind", self.blind), ("unseen", self.unseen), ("silent", self.silent))
        return tuple(f"{what} {name}" for what, names in parts for name in names)


def coverage(history: History, number: int, market: Market, before: tuple[str, ...] = ()) -> Coverage:
    """As of quarter `number`, `before` being what was told last; without a day of history little is said."""
    gone = market.missing(60)
    blind = tuple(s for s, lost in zip(market.symbols, gone.tolist(), strict=True) if lost >= BLIND_MIN)
    first = history.first
    if first is None or number - first + 1 < SLOTS:
        return Coverage(blind=blind)
    spoke = _spoke(history, number, market.symbols)
    unseen = tuple(s for s in market.symbols if s not in spoke and s not in blind)
    return Coverage(blind=blind, unseen=unseen, silent=_silent(history, number, before))


def _spoke(history: History, number: int, symbols: tuple[str, ...]) -> set[str]:
    """Symbols on which a pattern began within a day; the search ends as soon as all have been met."""
    found: set[str] = set()
    for quarter in history.since(number - SLOTS + 1):
        for stream, names in quarter.began.items():
            if not stream.startswith(TEAM_STREAMS):
                found.update(names)
        if found.issuperset(symbols):
            break
    return found


def _silent(history: History, number: int, before: tuple[str, ...]) -> tuple[str, ...]:
    """Patterns that began on every one of so many days, and not once since."""
    found = []
    for stream, quarters in history.streams().items():
        if number - next(reversed(quarters)) < SLOTS or stream.startswith(TEAM_STREAMS):
            continue
        days = {(number - quarter) // SLOTS for quarter in quarters}
        if days.issuperset(range(1, SILENT_AFTER_DAYS + 1)) or f"silent {stream}" in before:
            found.append(stream)
    return tuple(sorted(found))
