"""Which streams that met just now meet more often than their rhythms explain, and which of them leads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy.stats import false_discovery_control

from strandloom.kinds.insight import Confluence, LeadLag
from strandloom.learning.synthesis.quarters import DAYS, SLOTS, History, Quarter
from strandloom.scoring import together
from strandloom.scoring.together import Lead, Together

Pair = tuple[str, str]
FEWEST_MEETINGS = 5
FIRST_LIFT = 1.5  # by mere counting; less is not worth a test
MOST_TESTS = 8
REST = 16  # quarters before a pair is tested again
DRAWS = 299
LEVEL = 0.10  # false discovery rate among the tests of one quarter
QUARTER_MIN = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one quarter's tests gave."""

    days: int = 0
    tried: tuple[Pair, ...] = ()
    confluence: tuple[Confluence, ...] = ()
    leads: tuple[LeadLag, ...] = ()


def spelled(pair: Pair) -> str:
    """As a table keeps it."""
    return " & ".join(pair)


def found(history: History, quarter: Quarter, symbols: Sequence[str]) -> Found:
    """Test what met in this quarter; the generator is seeded from it, so a replay finds the same."""
    first = history.first
    days = min((quarter.number - first + 1) // SLOTS, DAYS) if first is not None else 0
    if days < together.FEWEST_DAYS:
        return Found(days=days)
    pairs = _worth_testing(history, quarter, days * SLOTS * len(symbols))
    if not pairs:
        return Found(days=days)
    rows = {symbol: row for row, symbol in enumerate(symbols)}
    drawn = together.draws(days, DRAWS, np.random.default_rng(quarter.number))
    tests: list[tuple[Pair, Together, Lead]] = []
    for pair in pairs:
        one, other = (history.cube(stream, quarter.number, days, rows) for stream in pair)
        overlap = together.overlaps(one, other)
        tests.append((pair, together.together(overlap, drawn), together.lead(overlap, drawn)))
    return Found(days=days, tried=tuple(pairs), confluence=_confluence(tests), leads=_leads(tests))


def _worth_testing(history: History, quarter: Quarter, cells: int) -> list[Pair]:
    """Pairs that met on a symbol just now and often before, and rest no more; the most striking first."""
    rested = {
        name for q in history.since(quarter.number - REST) if q.number < quarter.number for name in q.tried
    }
    striking: list[tuple[float, Pair]] = []
    for pair in _met(quarter.began):
        meetings = 0 if spelled(pair) in rested else history.meetings(*pair)
        if meetings < FEWEST_MEETINGS:
            continue
        expected = history.events(pair[0]) * history.events(pair[1]) / cells
        if meetings >= FIRST_LIFT * expected:
            striking.append(((expected - meetings) / expected**0.5, pair))
    return [pair for _, pair in sorted(striking)[:MOST_TESTS]]


def _met(began: Mapping[str, tuple[str, ...]]) -> list[Pair]:
    """Two directions of one pattern are no pair: they exclude each other."""
    on: dict[str, list[str]] = {}
    for stream, symbols in began.items():
        for symbol in symbols:
            on.setdefault(symbol, []).append(stream)
    pairs = {pair for streams in on.values() for pair in combinations(sorted(streams), 2)}
    return sorted(pair for pair in pairs if pair[0].partition(":")[0] != pair[1].partition(":")[0])


def _confluence(tests: Sequence[tuple[Pair, Together, Lead]]) -> tuple[Confluence, ...]:
    passed = false_discovery_control([met.p for _, met, _ in tests]) <= LEVEL
    return tuple(
        Confluence(one=one, other=other, together=met.count, expected=met.expected, lift=met.lift, p=met.p)
        for ((one, other), met, _), good in zip(tests, passed, strict=True)
        if good and np.isfinite(met.lift)
    )


def _leads(tests: Sequence[tuple[Pair, Together, Lead]]) -> tuple[LeadLag, ...]:
    passed = false_discovery_control([way.p for _, _, way in tests]) <= LEVEL
    return tuple(_lead(pair, way) for (pair, _, way), good in zip(tests, passed, strict=True) if good)


def _lead(pair: Pair, way: Lead) -> LeadLag:
    leader, follower = pair if way.after >= way.before else pair[::-1]
    after, before = max(way.after, way.before), min(way.after, way.before)
    return LeadLag(
        leader=leader,
        follower=follower,
        minutes=QUARTER_MIN * way.slots,
        after=after,
        before=before,
        p=way.p,
    )
