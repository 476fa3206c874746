"""Patterns planted with known truth are found by the detector meant for them, and hardly by others."""

from functools import lru_cache

import numpy as np
import pytest

from strandloom.indicators.frame import Floats
from strandloom.market.panel import Panel
from strandloom.teams.raw_data import team
from strandloom.teams.raw_data.lead_lag import WINDOW, leads
from strandloom.teams.raw_data.rule import Rule
from strandloom.teams.raw_data.source import Watched
from strandloom.teams.raw_data.watch import Watch
from tests.frames import frame_of
from tests.gross import all_features, clustered_t, earned, onsets
from tests.walks import SUBSTEPS, noise, walk

SYMBOLS, BARS, EVERY, LEAD_IN = 12, 2_000, 130, 600
SD = 4e-4
EVENTS = range(LEAD_IN, BARS - 60, EVERY)


@lru_cache
def rules() -> tuple[Rule, ...]:
    sources = [s for detector in team.detectors() for s in detector.sources if isinstance(s, Watched)]
    return tuple({rule.name: rule for source in sources for rule in source.rules}.values())


def calm_noise(seed: int) -> Floats:
    return np.random.default_rng(seed).normal(0.0, SD / SUBSTEPS**0.5, (SYMBOLS, BARS, SUBSTEPS))


def signs(seed: int) -> Floats:
    return np.random.default_rng(seed).choice([-1.0, 1.0], (SYMBOLS, len(EVENTS)))


def found(panel: Panel, within: range) -> tuple[dict[str, float], dict[str, Floats]]:
    """Per rule: the share of events with an onset `within` bars of them, over that of any such stretch."""
    frame = frame_of(panel, 60)
    seen = all_features(frame)
    begun = onsets(Watch(rules()), seen)
    lift, bps = {}, {}
    for rule, marks in zip(rules(), begun, strict=True):
        near = np.stack([(marks[:, at + within.start : at + within.stop] != 0).any(axis=1) for at in EVENTS])
        usual = (marks[:, LEAD_IN:] != 0).mean() * len(within)
        lift[rule.name] = near.mean() / max(usual, 0.02)
        only = np.zeros_like(marks)
        for at in EVENTS:
            cut = slice(at + within.start, at + within.stop)
            only[:, cut] = marks[:, cut]
        bps[rule.name] = earned(frame, seen, rule, only)
    return lift, bps


def test_a_drift_after_compression_is_a_breakout() -> None:
    side = signs(1)
    steps = calm_noise(2)
    for number, at in enumerate(EVENTS):
        steps[:, at - 45 : at] *= 0.25
        steps[:, at : at + 25] += side[:, number, None, None] * 0.9 * SD / SUBSTEPS
    lift, gross = found(walk(steps, 2), range(0, 10))
    assert lift["volatility.breakout"] > 4.0
    assert gross["volatility.breakout"].bps.mean() > 10.0
    assert clustered_t([gross["volatility.breakout"].bps[i::30] for i in range(30)]) > 5.0
    unrelated = [name for name in lift if name.split(".")[0] in ("derivatives", "time", "volume")]
    assert np.median([lift[name] for name in unrelated]) < 2.0
    assert sum(lift[name] > lift["volatility.breakout"] for name in unrelated) == 0


def test_compression_itself_is_seen_as_such() -> None:
    steps = calm_noise(3)
    for at in EVENTS:
        steps[:, at - 45 : at] *= 0.25
    lift, _ = found(walk(steps, 3), range(-40, 0))
    assert lift["volatility.compression"] > 2.0
    assert lift["volatility.compression"] == max(
        lift[name] for name in lift if not name.startswith("microstructure.")
    )


def test_volume_that_leads_the_price_is_seen_before_the_price_moves() -> None:
    side = signs(4)
    steps = calm_noise(5)
    volume = np.random.default_rng(6).lognormal(3.0, 0.25, (SYMBOLS, BARS))
    for number, at in enumerate(EVENTS):
        cut = slice(at - 20, at)
        steps[:, cut] -= steps[:, cut].mean(axis=(1, 2), keepdims=True)  # the price stands
        along = np.sign(steps[:, cut].sum(axis=2)) == side[:, number, None]
        volume[:, cut] *= np.where(along, 4.0, 1.0)
        steps[:, at : at + 25] += side[:, number, None, None] * 0.6 * SD / SUBSTEPS
    lift, gross = found(walk(steps, 5, volume), range(-12, 3))
    assert lift["volume.led"] > 5.0
    assert gross["volume.led"].bps.mean() > 8.0
    ranked = sorted(lift, key=lambda name: -lift[name])
    assert "volume.led" in ranked[:3]
    assert np.median(list(lift.values())) < 1.5


def a_lead(seed: int, *, lag: int = 2, strength: float = 0.6) -> Floats:
    """Six symbols of which the fourth follows the second."""
    rng = np.random.default_rng(seed)
    step = rng.standard_t(4, (6, WINDOW + 10)) * SD
    step[3, lag:] = strength * step[1, :-lag] + (1 - strength) * step[3, lag:]
    return step[:, 10:]


TURNOVER = np.array([5.0, 9.0, 1.0, 2.0, 3.0, 4.0])


@pytest.mark.parametrize("lag", [1, 2, 3])
def test_a_planted_lead_is_found_with_its_lag_and_no_other(lag: int) -> None:
    right = wrong = 0
    for seed in range(40):
        seen = leads(a_lead(seed, lag=lag), TURNOVER)
        right += seen.leader[3] == 1 and seen.lag[3] == lag
        wrong += int((np.delete(seen.leader, 3) >= 0).any())
    assert right >= 36
    assert wrong <= 4


def test_the_order_of_symbols_creates_no_lead() -> None:
    rng = np.random.default_rng(9)
    for seed in range(20):
        order = rng.permutation(6)
        plain, shuffled = leads(a_lead(seed), TURNOVER), leads(a_lead(seed)[order], TURNOVER[order])
        renamed = np.where(shuffled.leader >= 0, order[shuffled.leader], -1)
        np.testing.assert_array_equal(renamed, plain.leader[order])
        np.testing.assert_array_equal(shuffled.lag, plain.lag[order])


def test_symbols_that_move_together_lead_nobody() -> None:
    false = 0
    for seed in range(200):
        steps = noise(8, WINDOW, seed, common=0.8).sum(axis=2)
        false += int((leads(steps, np.arange(8.0)).leader >= 0).any())
    assert false <= 20  # one in twenty, and some room
