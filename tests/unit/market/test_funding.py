"""Funding is divided by its interval, known from its stamp on, and charged at full hours."""

import numpy as np

from strandloom.market import sample
from strandloom.market.bars import bars
from strandloom.market.funding import HOUR_MS, Funding, charges, spaced, with_funding
from strandloom.market.minute import MINUTE_MS

EIGHT = 8 * HOUR_MS


def rates(stamps_ms: list[int], values: list[float], interval_h: float = 8.0) -> Funding:
    return Funding(
        symbol="BTC",
        stamp_ms=np.array(stamps_ms, dtype=np.int64),
        rate=np.array(values),
        interval_h=np.full(len(values), interval_h),
    )


def test_an_eight_hour_rate_becomes_an_eighth_of_it_each_hour() -> None:
    at = np.array([EIGHT, EIGHT + HOUR_MS])
    assert rates([0, EIGHT], [0.0008, 0.0016]).hourly_at(at).tolist() == [0.0002, 0.0002]


def test_a_four_hour_rate_becomes_a_quarter() -> None:
    assert rates([0], [0.0008], 4.0).hourly_at(np.array([0])).tolist() == [0.0002]


def test_a_rate_is_unknown_before_its_stamp_even_by_a_millisecond() -> None:
    funding = rates([EIGHT + 1], [0.0008])
    assert np.isnan(funding.hourly_at(np.array([EIGHT]))).all()
    assert np.isfinite(funding.hourly_at(np.array([EIGHT + 1]))).all()


def test_an_interval_that_nobody_wrote_down_is_read_from_the_spacing() -> None:
    stamps = np.array([2, EIGHT + 1, EIGHT + 4 * HOUR_MS + 7], dtype=np.int64)
    assert spaced("X", stamps, np.ones(3)).interval_h.tolist() == [8.0, 8.0, 4.0]


def test_a_charge_falls_on_each_full_hour_at_the_close_known_then() -> None:
    minute = np.arange(0, 180, dtype=np.int64)
    close = minute.astype(np.float64)
    piece = bars("v", "BTC", minute, dict.fromkeys(("open", "high", "low", "close", "volume"), close))
    due = list(charges(with_funding(piece, rates([0], [0.0008]))))
    assert [charge.price for charge in due] == [59.0, 119.0, 179.0]
    assert {charge.rate for charge in due} == {0.0001}
    assert [charge.at.hour for charge in due] == [1, 2, 3]


def test_the_oracle_prices_a_charge_where_the_feed_has_one() -> None:
    minute = np.array([59], dtype=np.int64)
    one = np.ones(1)
    columns = {**dict.fromkeys(("open", "high", "low", "close", "volume"), one), "oracle": one * 2}
    (due,) = charges(with_funding(bars("v", "BTC", minute, columns), rates([0], [0.0008])))
    assert due.price == 2.0


def test_the_sample_charges_every_hour_of_its_month() -> None:
    (btc,) = sample.load(["BTC"])
    due = list(charges(btc))
    assert len(due) == 30 * 24
    assert btc.minute[0] * MINUTE_MS < due[0].at.timestamp() * 1000
