"""Each feature is a function of exactly its look-back: live, after a restart and over a whole history."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from strandloom.indicators.features.catalogue import (
    FAMILIES,
    NAMES,
    NUMBER,
    SENTENCES,
    features,
    longest_lookback,
)
from strandloom.indicators.frame import COLUMNS, Floats, Frame
from tests.frames import sample_frame

BLOCK = 700
FRAME = sample_frame(12_000)
WHOLE = features(FRAME, BLOCK)


def after(columns: int, frame: Frame = FRAME) -> Frame:
    """The frame as it stood so many columns before its end."""
    return frame.between(0, len(frame) - columns)


def same(a: Floats, b: Floats) -> None:
    np.testing.assert_array_equal(a, b)


@given(st.integers(0, BLOCK - 1))
@settings(max_examples=25, deadline=None)
def test_one_bar_at_a_time_equals_the_whole_history(age: int) -> None:
    same(features(after(age), 1)[0], WHOLE[BLOCK - 1 - age])


@given(st.integers(0, BLOCK - 1), st.integers(1, 64))
@settings(max_examples=10, deadline=None)
def test_a_restart_with_just_the_lookback_gives_the_same(age: int, columns: int) -> None:
    columns = min(columns, BLOCK - age)
    short = after(age).tail(longest_lookback(1) + columns - 1)
    same(features(short, columns), WHOLE[BLOCK - age - columns : BLOCK - age])


def test_changing_the_future_changes_nothing() -> None:
    future = {name: getattr(FRAME, name).copy() for name in COLUMNS}
    for column in future.values():
        column[:, -200:] *= 1.7
    same(features(replace(FRAME, **future), BLOCK)[: BLOCK - 200], WHOLE[: BLOCK - 200])


@pytest.mark.parametrize("bar_minutes", [1, 60])
def test_no_value_before_its_lookback_and_one_right_after(bar_minutes: int) -> None:
    frame = sample_frame(longest_lookback(bar_minutes) + 5, bar_minutes)
    for family in FAMILIES:
        if family.only not in (None, bar_minutes) or family.name in (
            "quotes",
            "derivatives",
        ):  # the sample has neither quotes nor open interest
            continue
        needed = family.lookback(bar_minutes)
        numbers = [NUMBER[name] for name in family.features]
        early = features(frame.between(0, needed - 1), 1)[0, numbers]
        ready = features(frame.between(0, needed), 1)[0, numbers]
        assert np.isnan(early).all(), family.name
        assert np.isfinite(ready).all(), family.name


def test_a_hole_blanks_exactly_the_lookback_of_each_family() -> None:
    holed = {name: getattr(FRAME, name).copy() for name in COLUMNS}
    for column in holed.values():
        column[1, -300] = np.nan
    values = features(replace(FRAME, **holed), BLOCK)
    for family in FAMILIES:
        if family.name in (
            "quotes",
            "derivatives",
            "calendar",
            "crossing",
            "breadth",
            "vwap",
            "time_of_day",
            "same_time",
        ):
            continue
        reach = min(family.lookback(1), 300)
        numbers = [NUMBER[name] for name in family.features]
        own = values[:, numbers, 1]
        same(own[: BLOCK - 300], WHOLE[: BLOCK - 300, numbers, 1])
        assert np.isnan(own[BLOCK - 300 : BLOCK - 300 + reach]).any(axis=1).all(), family.name
        same(own[BLOCK - 300 + reach :], WHOLE[BLOCK - 300 + reach :, numbers, 1])
        same(values[:, numbers][:, :, [0, 2]], WHOLE[:, numbers][:, :, [0, 2]])


def test_features_fit_in_six_digits() -> None:
    finite = WHOLE[np.isfinite(WHOLE)]
    assert finite.size > 100_000
    assert all(float(f"{x:.5e}") == x for x in finite[::97])


def test_bounded_features_keep_to_their_bounds() -> None:
    for name, low, high in (
        ("rsi_14", 0, 100),
        ("money_flow_14", 0, 100),
        ("adx_14", 0, 100),
        ("stochastic_14", 0, 1),
        ("obv_change_20", -1, 1),
        ("flow_60", -1, 1),
        ("breadth_15", -1, 1),
        ("market_correlation_60", -1, 1),
        ("efficiency_60", -1, 1),
        ("regime", 0, 8),
        ("hour", 0, 23),
    ):
        values = WHOLE[:, NUMBER[name]]
        assert np.nanmin(values) >= low and np.nanmax(values) <= high, name
        assert np.nanmin(values) < np.nanmax(values), name


def test_every_feature_is_named_once_and_explained() -> None:
    assert len(NAMES) == sum(len(family.features) for family in FAMILIES)
    assert all(sentence.endswith(".") for sentence in SENTENCES.values())
