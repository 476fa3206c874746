"""On prices that go nowhere no detector earns anything, and a detector that peeks is caught."""

from functools import lru_cache

import numpy as np
import pytest
from scipy import stats

from strandloom.indicators.frame import Floats, Frame
from strandloom.learning.book import Book
from strandloom.learning.horizons import Horizons
from strandloom.learning.keys import PatternKey
from strandloom.teams.raw_data import team
from strandloom.teams.raw_data.rule import Rule, Seen
from strandloom.teams.raw_data.source import Watched
from strandloom.teams.raw_data.watch import Watch
from tests.frames import frame_of
from tests.gross import Gross, all_features, clustered_t, earned, onsets
from tests.walks import noise, walk

SEEDS, SYMBOLS, BARS = 63, 16, 1_000  # a thousand walks; those of one seed share a market
FEWER = 16


def _peek(s: Seen) -> Floats:
    return np.roll(s.return_z_60, -1, axis=0)


PEEKING = Rule(
    name="test.peeking",
    sentence="Looks one bar ahead.",
    formula="the next return_z_60 beyond ±2",
    strength=_peek,
    enter=2.0,
    leave=1.0,
    horizon_bars=10,
    quotes=(),
)


@lru_cache
def rules() -> tuple[Rule, ...]:
    found = {
        rule.name: rule
        for detector in team.detectors()
        for source in detector.sources
        if isinstance(source, Watched)
        for rule in source.rules
        if rule.directional
    }
    return (*found.values(), PEEKING)


def a_market(seed: int) -> Frame:
    """Sixteen walks, taken as hours so that every feature knows its past."""
    return frame_of(walk(noise(SYMBOLS, BARS, seed, common=0.7), seed), 60)


@lru_cache
def results(seeds: int) -> dict[str, list[Gross]]:
    watch = Watch(rules())
    found: dict[str, list[Gross]] = {rule.name: [] for rule in rules()}
    for seed in range(seeds):
        frame = a_market(seed)
        seen = all_features(frame)
        for rule, begun in zip(rules(), onsets(watch, seen), strict=True):
            found[rule.name].append(earned(frame, seen, rule, begun))
    return found


def bar() -> float:
    """Three standard errors, Bonferroni over all detectors and both directions."""
    return float(stats.norm.isf(stats.norm.sf(3.0) / (2 * len(rules()))))


@pytest.mark.timeout(300)  # a second per seed when the machine is busy
def test_no_detector_earns_on_driftless_walks_in_either_direction() -> None:
    out = {}
    for name, found in results(SEEDS).items():
        for side in (1.0, -1.0):
            t = clustered_t([each.bps[each.side == side] for each in found])
            if name != PEEKING.name and abs(t) > bar():
                out[name, side] = t
    assert out == {}


def test_most_detectors_were_really_tried() -> None:
    tried = [name for name, found in results(SEEDS).items() if sum(each.bps.size for each in found) >= 100]
    assert len(tried) >= 25


def test_a_detector_that_looks_one_bar_ahead_is_caught() -> None:
    found = results(SEEDS)[PEEKING.name]
    for side in (1.0, -1.0):
        assert clustered_t([each.bps[each.side == side] for each in found]) > 3 * bar()


def test_p_from_evidence_is_calibrated_on_driftless_walks() -> None:
    """Costs make the probabilities of slow and fast patterns differ; p must find out by how much."""
    book = Book(Horizons({name: {"1h": 24 * 60} for name in results(FEWER)}))
    rows = sorted(
        ((seed * BARS + int(at)) * 60, name, side, float(bps) - 10.0)
        for name, found in results(FEWER).items()
        if name != PEEKING.name
        for seed, each in enumerate(found)
        for at, side, bps in zip(each.bar, each.side, each.bps, strict=True)
    )
    forecasts = []
    for number, (opened_s, name, side, net_bps) in enumerate(rows):
        key = PatternKey(pattern=name, direction="up" if side > 0 else "down", timeframe="1h")
        forecasts.append((book.prior(key, opened_s, 10.0).p, net_bps > 0))
        book.opened(number, key, opened_s)
        book.closed(number, opened_s + 24 * 60, net_bps)
    p, won = np.array(forecasts)[len(forecasts) // 4 :].T
    slope, intercept, slope_se, intercept_se = _logistic(np.log(p / (1.0 - p)), won)
    assert p.max() - p.min() > 0.2
    assert slope == pytest.approx(1.0, abs=4 * slope_se)
    assert intercept == pytest.approx(0.0, abs=4 * intercept_se)
    assert p.mean() == pytest.approx(won.mean(), abs=0.02)


def _logistic(x: Floats, won: Floats) -> tuple[float, float, float, float]:
    design = np.column_stack([x, np.ones_like(x)])
    beta = np.zeros(2)
    for _ in range(25):
        p = 1.0 / (1.0 + np.exp(-design @ beta))
        information = design.T @ (design * (p * (1 - p))[:, None])
        beta = beta + np.linalg.solve(information, design.T @ (won - p))
    se = np.sqrt(np.diag(np.linalg.inv(information)))
    return float(beta[0]), float(beta[1]), float(se[0]), float(se[1])
