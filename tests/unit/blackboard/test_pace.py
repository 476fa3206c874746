"""A module that talks too fast waits until its budget has recovered."""

from strandloom.blackboard.pace import Pace


def test_a_burst_is_free_and_what_goes_beyond_it_is_waited_for() -> None:
    pace = Pace(10.0)
    pace.spend(50, now_s=0)
    assert pace.pause_s(0) == 0

    pace.spend(20, now_s=0)
    assert pace.pause_s(0) == 2
    assert pace.pause_s(1) == 1
    assert pace.pause_s(2) == 0


def test_silence_saves_up_no_more_than_one_burst() -> None:
    pace = Pace(10.0)
    pace.spend(50, now_s=0)
    pace.spend(60, now_s=3_600)

    assert pace.pause_s(3_600) == 1


def test_a_clock_that_steps_back_gives_nothing_and_takes_nothing() -> None:
    pace = Pace(10.0)
    pace.spend(60, now_s=100)

    assert pace.pause_s(0) == 1
