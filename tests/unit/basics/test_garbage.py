"""Collecting less often, for a while."""

import gc

from strandloom.basics.garbage import seldom_collected


def test_the_usual_habits_come_back() -> None:
    usual = gc.get_threshold()
    with seldom_collected():
        assert gc.get_threshold()[0] > usual[0]

    assert gc.get_threshold() == usual
