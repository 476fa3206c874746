"""Where standing patterns come from: rules over features, or a look of its own at the bars."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from strandloom.blackboard.desk import Market
from strandloom.indicators.frame import Flags, Floats
from strandloom.teams.raw_data.rule import Rule
from strandloom.teams.raw_data.watch import Watch


class Source(Protocol):
    """Rules on one timeframe, and which of them stand at its newest closed bar."""

    @property
    def timeframe(self) -> str: ...

    @property
    def rules(self) -> tuple[Rule, ...]: ...

    def standing(self, market: Market) -> Floats:
        """Direction now, direction a bar before, strength now × rule × symbol: from the bars alone."""
        ...

    def beside(self, market: Market, rule: int, symbol: int) -> tuple[dict[str, float], str | None]:
        """Numbers that no feature holds, and the other symbol that has to do with it."""
        ...


def beginning(standing: Floats, able: Flags) -> Iterator[tuple[int, int, int]]:
    """Rule, symbol and direction of all that begins at this bar where it may be claimed."""
    now, before, _ = standing
    fresh = (now != 0.0) & (now != before)
    if fresh.any():
        for rule, symbol in np.argwhere(fresh & able).tolist():
            yield rule, symbol, int(now[rule, symbol])


@dataclass(frozen=True, slots=True, eq=False)
class Watched:
    """Rules over the features of one timeframe."""

    timeframe: str
    watch: Watch

    @property
    def rules(self) -> tuple[Rule, ...]:
        return self.watch.rules

    def standing(self, market: Market) -> Floats:
        return market.features(self.timeframe).through(self.watch)

    def beside(self, market: Market, rule: int, symbol: int) -> tuple[dict[str, float], str | None]:
        return {}, None


def watched(rules: tuple[Rule, ...], *timeframes: str) -> tuple[Source, ...]:
    """The same rules on several timeframes."""
    watch = Watch(rules)
    return tuple(Watched(timeframe, watch) for timeframe in timeframes)
