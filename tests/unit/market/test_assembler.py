"""The assembler: each minute once, in order, complete or known to be incomplete."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strandloom.kinds.heartbeat import Heartbeat
from strandloom.market import minute as minutes
from strandloom.market.assembler import Assembler
from strandloom.market.beat import Alarm, Beat
from strandloom.market.feeds.port import Closed, Delisted, FeedEvent, Listed, Passed, Skewed
from tests.bars import MINUTE as M
from tests.bars import a_bar, after_close, closed

DEADLINE_S = 10.0


def an_assembler(*symbols: str, missing: dict[str, list[int]] | None = None) -> Assembler:
    assembler = Assembler("test", M, missing=missing)
    for symbol in symbols or ("BTC", "ETH"):
        assembler.take(Listed(symbol=symbol, minute=M, now=minutes.opens(M)))
    return assembler


def beats(assembler: Assembler, *events: FeedEvent) -> list[Beat]:
    said = [decided for event in events for decided in assembler.take(event)]
    return [decided for decided in said if isinstance(decided, Beat)]


def problems(beat: Beat) -> list[tuple[str | None, str]]:
    return [(note.symbol, note.quality.problem) for note in beat.notes]


def test_a_minute_is_given_as_soon_as_all_symbols_have_closed() -> None:
    assembler = an_assembler()
    assert beats(assembler, closed(a_bar("BTC"))) == []
    (beat,) = beats(assembler, closed(a_bar("ETH")))
    assert beat.body == Heartbeat(feed="test", minute=minutes.opens(M), present=("BTC", "ETH"))
    assert [bar.symbol for bar in beat.first] == ["BTC", "ETH"]


def test_at_the_deadline_a_minute_is_given_without_the_silent_symbol() -> None:
    assembler = an_assembler()
    assert beats(assembler, closed(a_bar("BTC")), Passed(now=after_close(M, DEADLINE_S - 1))) == []
    (beat,) = beats(assembler, Passed(now=after_close(M, DEADLINE_S)))
    assert (beat.body.present, beat.body.late, beat.body.missing) == (("BTC",), ("ETH",), ())
    assert beat.body.blocked == ("ETH",)
    assert problems(beat) == [("ETH", "gap")]


def test_a_symbol_that_stays_silent_is_missing_and_its_gap_is_posted_once() -> None:
    assembler = an_assembler()
    events = [closed(a_bar("BTC", M + n), seconds=DEADLINE_S) for n in range(3)]
    first, second, third = beats(assembler, *events)
    assert (first.body.late, second.body.missing, third.body.missing) == (("ETH",), ("ETH",), ("ETH",))
    assert (second.notes, third.notes) == ((), ())


def test_a_late_bar_is_stored_counted_and_heals_but_changes_no_heartbeat() -> None:
    assembler = an_assembler()
    beats(assembler, closed(a_bar("BTC"), seconds=DEADLINE_S))
    (beat,) = beats(assembler, closed(a_bar("ETH", M)), closed(a_bar("BTC", M + 1), a_bar("ETH", M + 1)))
    assert [minutes.of(bar.at) for bar in beat.after] == [M]
    assert beat.body.blocked == ()
    assert problems(beat) == [("ETH", "healed"), ("ETH", "late")]


def test_a_symbol_is_blocked_until_its_last_missing_minute_has_come() -> None:
    assembler = an_assembler()
    beats(assembler, *(closed(a_bar("BTC", M + n), seconds=DEADLINE_S) for n in range(2)))
    (half,) = beats(assembler, closed(a_bar("ETH", M), a_bar("ETH", M + 2), a_bar("BTC", M + 2)))
    assert half.body.blocked == ("ETH",)
    (whole,) = beats(assembler, closed(a_bar("ETH", M + 1), a_bar("ETH", M + 3), a_bar("BTC", M + 3)))
    assert whole.body.blocked == ()


def test_the_same_bar_twice_is_counted_and_not_stored() -> None:
    assembler = an_assembler("BTC")
    beats(assembler, closed(a_bar()))
    (beat,) = beats(assembler, closed(a_bar()), closed(a_bar(minute=M + 1)))
    assert beat.after == ()
    assert problems(beat) == [("BTC", "duplicate")]
    assert beat.notes[0].quality.count == 1


def test_a_bar_revised_after_its_heartbeat_is_stored_as_a_further_version() -> None:
    assembler = an_assembler("BTC")
    beats(assembler, closed(a_bar()))
    (beat,) = beats(assembler, closed(a_bar(close=100.75)), closed(a_bar(minute=M + 1)))
    assert [bar.close for bar in beat.after] == [100.75]
    assert problems(beat) == [("BTC", "revised")]


def test_a_bar_revised_before_its_heartbeat_is_given_in_its_last_version() -> None:
    assembler = an_assembler()
    (beat,) = beats(assembler, closed(a_bar("BTC")), closed(a_bar("BTC", close=100.75)), closed(a_bar("ETH")))
    assert [bar.close for bar in beat.first] == [100.75, 100.5]
    assert problems(beat) == [("BTC", "revised")]


def test_minutes_told_out_of_order_are_given_in_order() -> None:
    assembler = an_assembler("BTC")
    early = closed(a_bar(minute=M + 1), seconds=-55)
    first, second = beats(assembler, early, closed(a_bar(minute=M), seconds=6))
    assert (first.minute, second.minute) == (M, M + 1)
    assert problems(first) == [("BTC", "out_of_order")]


def test_minutes_of_a_downtime_are_caught_up_in_order_and_marked() -> None:
    assembler = an_assembler("BTC")
    events = [closed(a_bar(minute=M + n), seconds=60.0 * (60 - n) + 1) for n in range(61)]
    given_beats = beats(assembler, *events)
    assert [beat.minute for beat in given_beats] == list(range(M, M + 61))
    assert [beat.body.catch_up for beat in given_beats] == [True] * 60 + [False]


def test_a_silent_feed_raises_one_alarm_and_gives_no_empty_minutes() -> None:
    assembler = an_assembler("BTC")
    said = [assembler.take(Passed(now=after_close(M, 10.0 * n))) for n in range(30)]
    alarms = [decided for batch in said for decided in batch]
    assert [type(alarm) for alarm in alarms] == [Alarm]
    assert beats(assembler, closed(a_bar(minute=M), seconds=300))[0].body.catch_up


def test_a_new_listing_is_expected_from_its_minute_on() -> None:
    assembler = an_assembler("BTC")
    listed = Listed(symbol="NEW", minute=M + 1, now=after_close(M))
    first, second = beats(
        assembler, listed, closed(a_bar()), closed(a_bar(minute=M + 1), a_bar("NEW", M + 1))
    )
    assert (first.body.present, second.body.present) == (("BTC",), ("BTC", "NEW"))
    assert (problems(first), problems(second)) == ([], [("NEW", "listed")])


def test_a_delisted_symbol_is_no_longer_waited_for_and_blocks_nothing() -> None:
    assembler = an_assembler("BTC", "OLD")
    gone = Delisted(symbol="OLD", minute=M + 1, now=after_close(M))
    beats(assembler, closed(a_bar(), seconds=DEADLINE_S))
    (beat,) = beats(assembler, gone, closed(a_bar(minute=M + 1)))
    assert (beat.body.present, beat.body.late, beat.body.missing) == (("BTC",), (), ())
    assert beat.body.blocked == ()


def test_bars_of_symbols_that_nobody_asked_for_are_left_out() -> None:
    (beat,) = beats(an_assembler("BTC"), closed(a_bar("XXX"), a_bar("BTC")))
    assert beat.body.present == ("BTC",)


def test_a_skewed_clock_is_told_with_its_offset() -> None:
    (beat,) = beats(an_assembler("BTC"), Skewed(offset_s=-90.0, now=after_close(M)), closed(a_bar()))
    assert [(note.quality.problem, note.quality.offset_s) for note in beat.notes] == [("clock_skew", -90.0)]


def test_holes_known_from_before_a_restart_still_block() -> None:
    assembler = an_assembler("BTC", missing={"BTC": [M - 5]})
    assert beats(assembler, closed(a_bar()))[0].body.blocked == ("BTC",)
    (beat,) = beats(assembler, closed(a_bar(minute=M - 5)), closed(a_bar(minute=M + 1)))
    assert beat.body.blocked == ()


def test_a_hole_of_yesterday_no_longer_blocks() -> None:
    assembler = an_assembler("BTC", missing={"BTC": [M - 1440]})
    (beat,) = beats(assembler, closed(a_bar()))
    assert beat.body.blocked == ()


@given(st.permutations([(symbol, M + n) for symbol in ("BTC", "ETH", "SOL") for n in range(4)]))
def test_whatever_the_order_of_arrival_each_minute_is_given_once_and_complete(
    order: list[tuple[str, int]],
) -> None:
    assembler = an_assembler("BTC", "ETH", "SOL")
    told = [Closed(bars=(a_bar(*bar),), now=after_close(M)) for bar in order]
    given_beats = beats(assembler, *told)
    assert [beat.minute for beat in given_beats] == [M, M + 1, M + 2, M + 3]
    assert all(beat.body.present == ("BTC", "ETH", "SOL") for beat in given_beats)


@pytest.mark.parametrize(("late_s", "catch_up"), [(0.0, False), (59.9, False), (60.0, True)])
def test_a_minute_given_before_the_next_one_closes_is_no_catching_up(late_s: float, catch_up: bool) -> None:
    (beat,) = beats(an_assembler("BTC"), closed(a_bar(), seconds=late_s))
    assert beat.body.catch_up is catch_up
