"""The simulated market: lifelike, endless, the same for everyone with its seed, and without a direction."""

import numpy as np
import pytest
from scipy import stats

from strandloom.market import minute as minutes
from strandloom.market import sample
from strandloom.market.bars import Floats
from strandloom.market.feeds import blocks
from strandloom.market.feeds.planted import AfterCompression, LeadLag, VolumeLed
from strandloom.market.feeds.world import HISTORY_MINUTES, World
from strandloom.market.panel import panel

START = minutes.parse("2026-01-01")
SYMBOLS = ("BTC", "ETH", "SOL")


def returns(world: World, days: int) -> Floats:
    close = world.panel(START, START + days * 1440).columns["close"]
    changes: Floats = np.diff(np.log(close), axis=1)
    return changes


def test_any_stretch_is_the_same_however_it_is_asked_for() -> None:
    whole = World(SYMBOLS, START).panel(START - 500, START + 500)
    part = World(SYMBOLS, START).panel(START + 7, START + 300)
    for name, matrix in part.columns.items():
        assert np.array_equal(matrix, whole.between(START + 7, START + 300).columns[name]), name


def test_a_symbol_is_the_same_whoever_else_is_in_the_world() -> None:
    alone = World(["DOGE"], START).panel(START, START + 500)
    among = World([*SYMBOLS, "HYPE", "DOGE"], START).panel(START, START + 500)
    assert np.array_equal(alone.columns["close"][0], among.columns["close"][-1])


def test_another_seed_is_another_world() -> None:
    one, other = World(SYMBOLS, START, seed=1), World(SYMBOLS, START, seed=2)
    assert not np.array_equal(returns(one, 1), returns(other, 1))


def test_history_reaches_back_seven_days() -> None:
    past = World(SYMBOLS, START).panel(START - 2 * HISTORY_MINUTES, START)
    assert past.minutes == HISTORY_MINUTES
    assert past.known.all()


def test_bars_are_well_formed_and_follow_each_other() -> None:
    columns = World([*SYMBOLS, "DOGE", "HYPE"], START).panel(START, START + 5 * 1440).columns
    assert (columns["high"] >= np.maximum(columns["open"], columns["close"])).all()
    assert (columns["low"] <= np.minimum(columns["open"], columns["close"])).all()
    assert (columns["low"] > 0).all()
    jumps = np.abs(columns["open"][:, 1:] / columns["close"][:, :-1] - 1)
    assert np.median(jumps) < 1e-4


def test_tails_clusters_and_correlation_are_those_of_the_sample() -> None:
    real = np.diff(np.log(panel(sample.load()).columns["close"]), axis=1)
    made = returns(World(SYMBOLS, START), 60)
    assert made.std(axis=1) == pytest.approx(real.std(axis=1), rel=0.15)
    assert (stats.kurtosis(made, axis=1) > 5).all()
    assert np.corrcoef(made)[0, 1] == pytest.approx(np.corrcoef(real)[0, 1], abs=0.08)
    calm = np.abs(made[0])
    assert np.corrcoef(calm[:-1], calm[1:])[0, 1] > 0.15


def test_there_is_no_direction_to_learn() -> None:
    ends = []
    for seed in range(200):
        world = World(SYMBOLS, START, seed=seed)
        close = world.panel(START, START + 1440).columns["close"]
        ends.append(close[:, -1] / close[:, 0] - 1)
    for one in np.array(ends).T:
        assert abs(one.mean()) < 3 * one.std() / len(one) ** 0.5


def test_a_mirrored_block_swaps_highs_and_lows() -> None:
    shapes = blocks.real().span(0, 10)
    upside_down = shapes.mirrored()
    assert np.array_equal(upside_down.high, -shapes.low)
    assert np.array_equal(upside_down.mirrored().high, shapes.high)


def test_all_symbols_are_mirrored_together() -> None:
    made = [np.corrcoef(blocks.draw(SYMBOLS, seed, 0).close)[0, 1] for seed in range(50)]
    assert min(made) > 0


def test_a_planted_lead_shows_at_its_lag_and_nowhere_else() -> None:
    edge = LeadLag(leader="BTC", follower="SOL", lag_minutes=2, share=1.0)
    plain, planted = (returns(World(SYMBOLS, START, planted=p), 20) for p in ((), (edge,)))

    def follows(changes: Floats, lag: int) -> float:
        return float(np.corrcoef(changes[0, : -lag or None], changes[2, lag:])[0, 1])

    assert follows(planted, 2) > 0.3
    assert abs(follows(plain, 2)) < 0.05
    assert abs(follows(planted, 5)) < 0.05


@pytest.mark.parametrize("edge", [VolumeLed(symbol="ETH"), AfterCompression(symbol="ETH")])
def test_a_planted_drift_is_where_the_truth_says(edge: VolumeLed | AfterCompression) -> None:
    world = World(SYMBOLS, START, planted=[edge])
    truths = world.truths(START, START + 100 * 1440)
    close = world.panel(START, START + 101 * 1440).columns["close"][1]
    moved = [
        (close[t.minute - START + t.horizon_minutes] / close[t.minute - START] - 1) * 1e4 * np.sign(t.bps)
        for t in truths
    ]
    assert len(truths) == 600
    assert np.mean(moved) == pytest.approx(edge.bps, abs=4 * np.std(moved) / len(moved) ** 0.5)
    assert abs(sum(np.sign(t.bps) for t in truths)) < 100


def test_a_planted_volume_can_be_seen() -> None:
    world = World(SYMBOLS, START, planted=[VolumeLed(symbol="ETH")])
    market = world.panel(START, START + 10 * 1440)
    volume = market.columns["volume"][1]
    at = [truth.minute - START for truth in world.truths(START, START + 10 * 1440)]
    assert np.median(volume[at]) > 4 * np.median(volume)
