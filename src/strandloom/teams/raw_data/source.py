"""Where standing patterns come from: rules over features, or a look of its own at the bars."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from strandloom.blackboard.desk import Market
from strandloom.indicators.frame import Floats
from strandloom.teams.raw_data.rule import Rule
from strandloom.teams.raw_data.watch import Watch


class Source(Protocol):
    """Rules on one timeframe, and which of them stand at its newest closed bar."""

    def __hash__(self) -> int:
        """It never changes, so what was worked out from its rules may be kept."""
        ...

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


def beginning(standing: Floats) -> Iterator[tuple[int, int, int, float]]:
    """Rule, symbol, direction and strength of all that begins at this bar."""
    told = zip(*standing.tolist(), strict=True)  # plain numbers: there are few of them
    for rule, symbols in enumerate(told):
        for symbol, (now, before, strength) in enumerate(zip(*symbols, strict=True)):
            if now != 0.0 and now != before:
                yield rule, symbol, int(now), strength


@lru_cache(maxsize=10_000)
def number_of(source: Source, name: str) -> int | None:
    """The row of the rule of that name, if the source has it."""
    return next((number for number, rule in enumerate(source.rules) if rule.name == name), None)


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
