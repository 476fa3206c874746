"""Effects of the hour, the session and the weekday: planted ones are measured, each against a plain twin."""

import numpy as np
import pytest

from strandloom.indicators.features.catalogue import NUMBER, features
from strandloom.indicators.frame import COLUMNS, Floats, Frame, nothing

HOURS = 30 * 24


def hourly(step: Floats) -> Frame:
    """Hours whose closes make these steps; the first opens on a Monday at midnight."""
    close = 100.0 * np.cumprod(1.0 + step, axis=1)
    columns = {name: nothing(*close.shape) for name in COLUMNS}
    columns |= dict.fromkeys(("open", "high", "low", "close", "volume"), close)
    return Frame(minutes=60, at=29_000_160 + 60 * np.arange(step.shape[1]), **columns)


def t_of(values: Floats) -> float:
    return float(values.mean() / (values.std(ddof=1) / len(values) ** 0.5))


@pytest.fixture(scope="module")
def step() -> Floats:
    return np.random.default_rng(11).normal(0.0, 1e-3, (2, HOURS))


def test_the_coming_hour_is_measured_on_the_same_hour_of_earlier_days(step: Floats) -> None:
    seen = features(hourly(step), 48)[:, NUMBER["same_hour_t"]]
    for age in (0, 1, 30):
        now = HOURS - 1 - age
        same = [now + 1 - 24 * day for day in range(1, 15)]
        assert seen[47 - age, 1] == pytest.approx(t_of(step[1, same]), rel=1e-4)


def test_the_coming_session_is_measured_only_where_one_begins(step: Floats) -> None:
    seen = features(hourly(step), 48)[:, NUMBER["same_session_t"], 0]
    for age in range(48):
        now = HOURS - 1 - age
        hour = (now + 1) % 24
        lengths = {0: 7, 7: 2, 9: 4, 13: 3, 16: 6, 22: 2}
        if hour not in lengths:
            assert seen[47 - age] == 0.0
            continue
        sums = [step[0, now + 1 - 24 * d : now + 1 - 24 * d + lengths[hour]].sum() for d in range(1, 15)]
        assert seen[47 - age] == pytest.approx(t_of(np.array(sums)), rel=1e-4)


def test_the_coming_weekday_is_measured_on_its_hours_of_three_weeks(step: Floats) -> None:
    seen = features(hourly(step), 48)[:, NUMBER["same_weekday_t"], 0]
    now = HOURS - 1
    hours = [now + 1 - 168 * week + hour for week in (1, 2, 3) for hour in range(24)]
    assert seen[-1] == pytest.approx(t_of(step[0, hours]), rel=1e-4)


def test_a_planted_hour_stands_out(step: Floats) -> None:
    lifted = step.copy()
    lifted[:, 13::24] += 2e-3
    seen = features(hourly(lifted), 48)[:, NUMBER["same_hour_t"], 0]
    next_hours = (np.arange(HOURS - 48, HOURS) + 1) % 24
    assert seen[next_hours == 13].min() > 3.4
    assert np.abs(seen[next_hours != 13]).max() < 5.0
