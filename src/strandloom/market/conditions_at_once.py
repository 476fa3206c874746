"""Many entry conditions against one batch of quotes, in a few array operations.

A filter in floats: whoever acts on an answer checks that one again exactly, in Decimal.  As everywhere, what
is not known is never met.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from typing import Any

import numpy as np

from strandloom.indicators.frame import Floats
from strandloom.kinds import condition as grammar

Bools = np.ndarray[Any, np.dtype[np.bool_]]
Places = np.ndarray[Any, np.dtype[np.intp]]
BPS = 1e4


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What is seen, one number per wait; NaN is what nobody knows."""

    mid: Floats
    spread_bps: Floats
    lowest_close: Floats  # of the minutes that closed since the wait began
    highest_close: Floats
    volume_times: Floats
    second_of_day: float


@dataclass(frozen=True, slots=True)
class _Level:
    """Inner nodes of one height: each looks at a stretch of `children`."""

    nodes: Places
    children: Places
    starts: Places
    is_all: Bools
    is_not: Bools


@dataclass(slots=True)
class _Builder:
    """Numbers the nodes of all trees: a node comes after its children."""

    of_op: dict[type, list[tuple[int, int, float, float]]] = field(default_factory=dict)
    inner: dict[int, list[tuple[int, str, tuple[int, ...]]]] = field(default_factory=dict)
    count: int = 0

    def add(self, condition: grammar.Condition | None, wait: int) -> tuple[int, int]:
        """The number and the height of a condition's node."""
        if isinstance(condition, grammar.AllOf | grammar.AnyOf):
            return self._inner(condition.op, condition.conditions, wait)
        if isinstance(condition, grammar.Not):
            return self._inner(condition.op, (condition.condition,), wait)
        node = self._number()
        self.of_op.setdefault(type(condition), []).append((node, wait, *_levels(condition)))
        return node, 0

    def _inner(self, op: str, parts: Sequence[Any], wait: int) -> tuple[int, int]:
        below = [self.add(part, wait) for part in parts]
        node, height = self._number(), 1 + max(height for _, height in below)
        self.inner.setdefault(height, []).append((node, op, tuple(number for number, _ in below)))
        return node, height

    def _number(self) -> int:
        self.count += 1
        return self.count - 1


class Compiled:
    """The conditions of many waits as arrays; compile when the waits change, check with every batch."""

    def __init__(self, conditions: Sequence[grammar.Condition | None]) -> None:
        builder = _Builder()
        self._roots = np.array([builder.add(c, i)[0] for i, c in enumerate(conditions)], dtype=np.intp)
        self._nodes = builder.count
        self._leaves = {op: np.array(rows).T for op, rows in builder.of_op.items()}
        self._levels = [_level(rows) for _, rows in sorted(builder.inner.items())]

    def met(self, shown: Shown) -> Bools:
        """[wait]: is its condition met?"""
        met, known = np.zeros(self._nodes, dtype=bool), np.zeros(self._nodes, dtype=bool)
        with np.errstate(invalid="ignore", divide="ignore"):
            for op, (nodes, waits, a, b) in self._leaves.items():
                places = nodes.astype(np.intp)
                met[places], known[places] = _check(op, shown, waits.astype(np.intp), a, b)
        for level in self._levels:
            _climb(level, met, known)
        return met[self._roots]


def _levels(condition: Any) -> tuple[float, float]:
    match condition:
        case grammar.PullbackTo(price=price, within_bps=within):
            return float(price), float(within)
        case grammar.VolumeAbove(times=times):
            return float(times), 0.0
        case grammar.SpreadBelow(bps=bps):
            return float(bps), 0.0
        case grammar.TimeWindow(start=start, end=end):
            return _second(start), _second(end)
        case None:
            return 0.0, 0.0
    return float(condition.price), 0.0


def _check(op: type, shown: Shown, waits: Places, a: Floats, b: Floats) -> tuple[Bools, Bools]:
    mid = shown.mid[waits]
    if op is grammar.TimeWindow:
        now = shown.second_of_day
        within = np.where(a <= b, (a <= now) & (now < b), (now >= a) | (now < b))
        return within, np.ones(len(a), dtype=bool)
    value: Mapping[type, Floats] = {
        grammar.VolumeAbove: shown.volume_times,
        grammar.SpreadBelow: shown.spread_bps,
    }
    looked_at = value[op][waits] if op in value else mid
    known = np.isfinite(looked_at)
    return known & _compared(op, looked_at, a, b, shown, waits), known


def _compared(op: type, seen: Floats, a: Floats, b: Floats, shown: Shown, waits: Places) -> Bools:
    if op in (grammar.PriceAbove, grammar.VolumeAbove):
        return np.asarray(seen > a)
    if op in (grammar.PriceBelow, grammar.SpreadBelow):
        return np.asarray(seen < a)
    if op is grammar.BreakoutAbove:
        return np.asarray((seen > a) & (shown.lowest_close[waits] <= a))
    if op is grammar.BreakoutBelow:
        return np.asarray((seen < a) & (shown.highest_close[waits] >= a))
    if op is grammar.PullbackTo:
        return np.asarray(np.abs(seen / a - 1) * BPS <= b)
    return np.ones(len(a), dtype=bool)  # no condition: any price


def _level(rows: Sequence[tuple[int, str, tuple[int, ...]]]) -> _Level:
    sizes = [len(children) for _, _, children in rows]
    return _Level(
        np.array([node for node, _, _ in rows], dtype=np.intp),
        np.array([child for _, _, children in rows for child in children], dtype=np.intp),
        np.concatenate(([0], np.cumsum(sizes)[:-1])).astype(np.intp),
        np.array([op == "all_of" for _, op, _ in rows]),
        np.array([op == "not" for _, op, _ in rows]),
    )


def _climb(level: _Level, met: Bools, known: Bools) -> None:
    """Nodes of one height from their children, with the same three values as one condition has."""
    child_met, child_known = met[level.children], known[level.children]
    all_met = np.logical_and.reduceat(child_met, level.starts)
    any_met = np.logical_or.reduceat(child_met, level.starts)
    all_known = np.logical_and.reduceat(child_known, level.starts)
    met[level.nodes] = np.where(level.is_not, all_known & ~any_met, np.where(level.is_all, all_met, any_met))
    known[level.nodes] = np.where(level.is_not | level.is_all, all_known, any_met | all_known)


def _second(at: time) -> float:
    return at.hour * 3_600 + at.minute * 60 + at.second + at.microsecond / 1e6
