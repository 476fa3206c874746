"""Sessions, weekdays, day averages and regimes against plain slow twins."""

from datetime import UTC, datetime

import numpy as np
import pytest

from strandloom.basics.ids import unix_ms
from strandloom.indicators import calendar, regime
from strandloom.indicators.features.catalogue import NUMBER, features
from strandloom.indicators.vwap import vwap
from tests.frames import sample_frame


def minute(text: str) -> int:
    return unix_ms(datetime.fromisoformat(text).replace(tzinfo=UTC)) // 60_000


@pytest.mark.parametrize(
    ("at", "bucket"),
    [
        ("00:00", "asia"),
        ("07:59", "asia_europe"),
        ("12:59", "europe"),
        ("13:00", "europe_us"),
        ("21:00", "us"),
        ("23:59", "us_asia"),
    ],
)
def test_sessions_follow_the_clock_in_utc(at: str, bucket: str) -> None:
    assert calendar.session(minute(f"2025-05-07T{at}")) == bucket


def test_weekdays_agree_with_the_calendar() -> None:
    days = [minute(f"2025-05-{day:02d}T05:00") for day in range(1, 15)]
    wanted = [datetime(2025, 5, day, tzinfo=UTC).weekday() for day in range(1, 15)]
    assert calendar.weekday(np.array(days)).tolist() == wanted


def test_the_days_average_price_starts_anew_at_midnight() -> None:
    frame = sample_frame(4_000)
    ours = vwap(frame.at, 1, frame.close, frame.volume)
    for age in (1, 700, 1_500, 2_000):
        end = len(frame) - age
        start = end - int(frame.at[end] % 1_440)
        close, volume = frame.close[2, start : end + 1], frame.volume[2, start : end + 1]
        assert ours[2, -age] == pytest.approx((close * volume).sum() / volume.sum(), rel=1e-12)


def test_hysteresis_holds_between_the_thresholds_and_no_longer_than_its_span() -> None:
    x = np.array([[0.0, 0.0, 0.0, 2.0, 1.0, 1.0, 0.5, 1.0, -2.0, -1.0, -1.0, -1.0, -1.0]])
    switched = regime.three_way(x, 0.7, 1.5, 4)
    assert switched[0].tolist() == [1, 1, 1, 0, 0, -1, -1, -1, -1, 0]


def test_regimes_do_not_flicker_on_real_data() -> None:
    values = features(sample_frame(12_000), 5_000)[:, NUMBER["regime"]]
    changes = (np.diff(values, axis=0) != 0).sum(axis=0) / len(values)
    assert (changes < 0.05).all()
    assert len(np.unique(values)) >= 6
    assert regime.name(values[-1, 0]) in regime.REGIMES
    assert regime.name(float("nan")) is None
