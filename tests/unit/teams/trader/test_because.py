"""Plan against reality in one sentence of numbers."""

from strandloom.teams.trader.because import Part, duration, sentence

PARTS = (
    Part(name="move", expected_bps=215.0, real_bps=172.0),
    Part(name="slippage", expected_bps=-6.0, real_bps=-13.0),
    Part(name="fees", expected_bps=-9.0, real_bps=-9.0),
    Part(name="funding", expected_bps=0.0, real_bps=-1.0),
)


def test_expected_and_real_result_with_the_largest_reason_first() -> None:
    assert sentence(200.0, 150.0, 14_400, 7_200, PARTS, "stop") == (
        "expected 2.00 % in 4 h, got 1.50 % in 2 h, because the price moved 1.72 % instead of 2.15 %, "
        "slippage took 0.13 % instead of 0.06 % and funding took 0.01 %; the stop ended it"
    )


def test_a_trade_that_went_as_planned_needs_no_reason() -> None:
    as_planned = (Part(name="move", expected_bps=55.0, real_bps=55.2),)
    assert sentence(40.0, 40.2, 3_600, 3_600, as_planned, "") == (
        "expected 0.40 % in 1 h, got 0.40 % in 1 h, as planned"
    )


def test_a_trade_without_a_plan_has_no_expectation() -> None:
    assert sentence(None, -12.0, None, 120, (), "close") == (
        "nothing was expected of it, it came to -0.12 % in 2 min; the close ended it"
    )


def test_durations_are_told_as_people_do() -> None:
    assert [duration(s) for s in (20, 60, 3_600, 7_800, 90_000)] == [
        "0 min",
        "1 min",
        "1 h",
        "2 h 10 min",
        "25 h",
    ]
