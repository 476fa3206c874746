"""Meetings and leads beyond what rhythms explain are found; what rhythms explain is not taken for more."""

from itertools import product

import numpy as np
import numpy.typing as npt
from hypothesis import given
from hypothesis import strategies as st

from strandloom.scoring import together

DAYS, SLOTS, SYMBOLS = 10, 24, 2


def noise(rng: np.random.Generator, share: float | npt.NDArray[np.float64] = 0.1) -> together.Cube:
    return (rng.random((DAYS, SLOTS, SYMBOLS)) < share).astype(np.float32)


def shifted(cube: together.Cube, slots: int) -> together.Cube:
    return np.roll(cube.reshape(-1, SYMBOLS), slots, axis=0).reshape(cube.shape)


def overlaps_slowly(one: together.Cube, other: together.Cube, reach: int) -> npt.NDArray[np.float64]:
    days, slots, symbols = one.shape
    found = np.zeros((days, days, 2 * reach + 1))
    for d, e, lag, slot, symbol in product(
        range(days), range(days), range(-reach, reach + 1), range(slots), range(symbols)
    ):
        day, at = divmod(e * slots + slot + lag, slots)
        if 0 <= day < days:
            found[d, e, lag + reach] += one[d, slot, symbol] * other[day, at, symbol]
    return found


def test_overlaps_agree_with_their_slow_twin() -> None:
    rng = np.random.default_rng(1)
    one, other = noise(rng, 0.4)[:4, :6], noise(rng, 0.4)[:4, :6]
    assert np.array_equal(together.overlaps(one, other, 3), overlaps_slowly(one, other, 3))


@given(st.integers(0, 10_000), st.integers(2, 14))
def test_a_draw_lays_each_day_over_one_day(seed: int, days: int) -> None:
    drawn = together.draws(days, 20, np.random.default_rng(seed))
    assert (np.sort(drawn, axis=1) == np.arange(days)).all()
    assert np.array_equal(drawn, together.draws(days, 20, np.random.default_rng(seed)))


def test_what_comes_together_is_found_with_its_lift() -> None:
    rng = np.random.default_rng(2)
    one = noise(rng, 0.05)
    other = np.maximum(one * (rng.random(one.shape) < 0.6), noise(rng, 0.03)).astype(np.float32)
    met = together.together(together.overlaps(one, other), together.draws(DAYS, 499, rng))
    assert met.count == int((one * other).sum())
    assert met.lift > 3 and met.p == 0.002


def test_what_only_shares_its_hours_is_not_found() -> None:
    """Both begin mostly in the same two hours of each day, and know nothing of each other."""
    hours = np.where((np.arange(SLOTS) // 2 == 4)[None, :, None], 0.6, 0.02)
    p = [_p_of_rhythm(seed, hours) for seed in range(200)]
    assert np.mean(np.array(p) <= 0.05) <= 0.085  # two standard errors above 5 %
    naive = np.mean(hours) ** 2
    assert np.mean(hours**2) > 4 * naive  # counting alone would call this a lift of four


def _p_of_rhythm(seed: int, hours: npt.NDArray[np.float64]) -> float:
    rng = np.random.default_rng(seed)
    one, other = noise(rng, hours), noise(rng, hours)
    return together.together(together.overlaps(one, other), together.draws(DAYS, 199, rng)).p


def test_a_leader_is_found_with_its_lag() -> None:
    rng = np.random.default_rng(3)
    one = noise(rng, 0.06)
    follows = shifted(one, 2) * (rng.random(one.shape) < 0.7)
    other = np.maximum(follows, noise(rng, 0.02)).astype(np.float32)
    drawn = together.draws(DAYS, 499, rng)
    way = together.lead(together.overlaps(one, other), drawn)
    assert way.after > way.before and way.slots == 2 and way.p <= 0.01
    back = together.lead(together.overlaps(other, one), drawn)
    assert back.before > back.after and back.slots == 2


def test_nobody_leads_where_both_come_by_chance() -> None:
    p = []
    for seed in range(200):
        rng = np.random.default_rng(seed)
        overlap = together.overlaps(noise(rng), noise(rng))
        p.append(together.lead(overlap, together.draws(DAYS, 199, rng)).p)
    assert np.mean(np.array(p) <= 0.05) <= 0.085


def test_a_stream_without_events_says_nothing() -> None:
    rng = np.random.default_rng(4)
    empty = np.zeros((DAYS, SLOTS, SYMBOLS), dtype=np.float32)
    overlap = together.overlaps(noise(rng), empty)
    drawn = together.draws(DAYS, 99, rng)
    assert together.together(overlap, drawn).p == 1.0
    assert together.lead(overlap, drawn).p == 1.0
