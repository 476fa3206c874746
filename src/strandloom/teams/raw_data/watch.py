"""Which patterns stand at a bar, for all symbols at once: a pure function of the features of 64 bars."""

from dataclasses import dataclass

import numpy as np

from strandloom.indicators.features.rows import Rows
from strandloom.indicators.frame import Floats
from strandloom.indicators.regime import held
from strandloom.teams.raw_data.rule import LAG, Rule, Seen

SPAN = 64
HELD = SPAN - LAG - 1  # the most bars that a pattern lasts without being renewed


@dataclass(frozen=True, slots=True, eq=False)
class Watch:
    """Features → [bar × (direction now, a bar before, strength) × rule × symbol].

    A direction is −1, 0 or 1.  Because a pattern stands on the last 64 bars and on nothing else, it is the
    same live, after a restart and when a whole history is worked out at once.
    """

    rules: tuple[Rule, ...]

    @property
    def span(self) -> int:
        return SPAN

    def __call__(self, rows: Rows) -> Floats:
        seen = Seen(rows)
        out = np.stack([_one(rule, seen) for rule in self.rules])  # [rule × part × symbol × bar]
        return np.ascontiguousarray(out.transpose(3, 1, 0, 2))


def _one(rule: Rule, seen: Seen) -> Floats:
    strength = rule.strength(seen).T
    strength = np.where(np.isfinite(strength), strength, 0.0)
    recent = strength[:, HELD - rule.lasts_bars :]
    known = np.ones(recent.shape, dtype=np.bool_)
    up = held(recent >= rule.enter, recent < rule.leave, known, rule.lasts_bars)
    down = held(recent <= -rule.enter, recent > -rule.leave, known, rule.lasts_bars) * rule.directional
    direction = up - down
    return np.stack([direction[:, 1:], direction[:, :-1], strength[:, HELD:]])
