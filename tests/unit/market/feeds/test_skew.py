"""The venue's clock against ours."""

from datetime import timedelta

from strandloom.basics.ids import unix_ms
from strandloom.market.feeds.skew import Skew
from tests.bars import after_close


def test_the_least_delayed_message_is_nearest_to_the_truth() -> None:
    skew = Skew()
    here = after_close()
    for delay_ms in (300, 20, 800):
        skew.saw(unix_ms(here) + 90_000 - delay_ms, here)
    assert skew.offset == timedelta(milliseconds=89_980)


def test_a_skew_is_told_once_and_again_when_it_changes() -> None:
    skew = Skew()
    here = after_close()
    skew.saw(unix_ms(here) - 90_000, here)
    assert skew.news() == -90.0
    assert skew.news() is None
    skew.saw(unix_ms(here) - 60_000, here)
    assert skew.news() == -60.0


def test_the_delay_of_a_message_is_no_skew() -> None:
    skew = Skew()
    skew.saw(unix_ms(after_close()) - 400, after_close())
    assert skew.news() is None
