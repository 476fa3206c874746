"""When a candle becomes a bar: closed by a later one or by two seconds, asked for when nobody told it."""

from datetime import timedelta

from strandloom.kinds.market import Bar
from strandloom.market import minute as minutes
from strandloom.market.feeds.closing import Closing, Question, by_minute
from tests.bars import MINUTE as M
from tests.candles import a_candle


def following(*symbols: str, since: int = M) -> Closing:
    closing = Closing("test", since)
    for symbol in symbols or ("BTC",):
        closing.follow(symbol)
    return closing


def told(bars: list[Bar]) -> list[tuple[str, int, float]]:
    return [(bar.symbol, minutes.of(bar.at) - M, bar.close) for bar in bars]


def test_a_candle_is_not_closed_while_it_is_told() -> None:
    closing = following()
    assert closing.candle(a_candle("BTC", M)) == []
    assert closing.candle(a_candle("BTC", M, 101)) == []


def test_a_later_candle_closes_it_in_its_last_state() -> None:
    closing = following()
    closing.candle(a_candle("BTC", M))
    closing.candle(a_candle("BTC", M, 101))
    assert told(closing.candle(a_candle("BTC", M + 1))) == [("BTC", 0, 101.0)]


def test_two_seconds_after_the_minute_it_is_closed_too() -> None:
    closing = following()
    closing.candle(a_candle("BTC", M, 101))
    end = minutes.closes(M)
    assert closing.due(end + timedelta(seconds=1.9)) == []
    assert told(closing.due(end + timedelta(seconds=2))) == [("BTC", 0, 101.0)]
    assert closing.due(end + timedelta(seconds=3)) == []


def test_a_silent_symbol_is_asked_for_and_filled_flat_when_nothing_traded() -> None:
    closing = following()
    closing.candle(a_candle("BTC", M, 101))
    closing.due(minutes.closes(M) + timedelta(seconds=2))
    (question,) = closing.questions(minutes.closes(M + 2) + timedelta(seconds=2))
    assert question == Question(symbol="BTC", start=M + 1, last=M + 2)
    first, second = closing.answer(question, [])
    assert (first.open, first.close, first.volume, first.filled) == (101.0, 101.0, 0.0, True)
    assert second.filled


def test_what_the_venue_has_after_all_is_taken_and_the_rest_is_flat_around_it() -> None:
    closing = following()
    closing.candle(a_candle("BTC", M, 101))
    closing.due(minutes.closes(M) + timedelta(seconds=2))
    question = Question(symbol="BTC", start=M + 1, last=M + 3)
    bars = closing.answer(question, [a_candle("BTC", M + 2, 105)])
    assert [(bar.close, bar.filled) for bar in bars] == [(101.0, True), (105.0, False), (105.0, True)]


def test_without_any_price_nothing_is_invented() -> None:
    closing = following()
    assert closing.answer(Question(symbol="BTC", start=M, last=M), []) == []
    assert not closing.knows_a_price("BTC")


def test_an_earlier_candle_of_the_answer_gives_the_price_to_fill_with() -> None:
    closing = following()
    (bar,) = closing.answer(Question(symbol="BTC", start=M, last=M), [a_candle("BTC", M - 3, 99)])
    assert (bar.close, bar.filled) == (99.0, True)


def test_minutes_that_the_venue_no_longer_keeps_are_not_filled_as_if_nothing_had_traded() -> None:
    closing = following()
    closing.candle(a_candle("BTC", M))
    closing.due(minutes.closes(M) + timedelta(seconds=2))
    (question,) = closing.questions(minutes.closes(M + 6_000) + timedelta(seconds=2))
    assert (question.start, question.last) == (M + 1_001, M + 6_000)
    assert len(closing.answer(question, [])) == 5_000


def test_the_minute_that_is_being_told_is_not_asked_for() -> None:
    closing = following()
    closing.candle(a_candle("BTC", M))
    assert closing.questions(minutes.closes(M) - timedelta(seconds=1)) == []
    closing.candle(a_candle("BTC", M + 1))
    assert closing.questions(minutes.closes(M + 1) - timedelta(seconds=1)) == []


def test_a_minute_skipped_by_the_candles_is_asked_for_and_none_is_lost() -> None:
    closing = following()
    closing.candle(a_candle("BTC", M))
    assert told(closing.candle(a_candle("BTC", M + 2))) == [("BTC", 0, 100.0)]
    now = minutes.closes(M + 1) + timedelta(seconds=2)
    (question,) = closing.questions(now)
    assert (question.start, question.last) == (M + 1, M + 1)
    assert told(closing.answer(question, [a_candle("BTC", M + 1, 102)])) == [("BTC", 1, 102.0)]
    assert told(closing.candle(a_candle("BTC", M + 3))) == [("BTC", 2, 100.0)]


def test_after_a_lost_connection_the_half_told_minute_is_asked_for() -> None:
    closing = following()
    closing.candle(a_candle("BTC", M))
    closing.doubt()
    (question,) = closing.questions(minutes.closes(M) + timedelta(seconds=2))
    assert (question.start, question.last) == (M, M)


def test_a_closed_candle_told_again_is_passed_on_to_be_counted() -> None:
    closing = following()
    closing.beside("BTC", {"bid": 99.5, "mark": 100.25})
    closing.candle(a_candle("BTC", M))
    (bar,) = closing.candle(a_candle("BTC", M + 1))
    assert closing.candle(a_candle("BTC", M)) == [bar]


def test_a_correction_after_the_close_is_passed_on() -> None:
    closing = following()
    closing.candle(a_candle("BTC", M))
    closing.candle(a_candle("BTC", M + 1))
    assert told(closing.candle(a_candle("BTC", M, 103, volume=2.0, trades=6))) == [("BTC", 0, 103.0)]


def test_a_stale_state_from_before_the_close_is_not() -> None:
    closing = following()
    closing.answer(Question(symbol="BTC", start=M, last=M), [a_candle("BTC", M, 105, volume=9, trades=50)])
    assert closing.candle(a_candle("BTC", M, 101, volume=3, trades=20)) == []


def test_what_is_told_beside_candles_is_in_the_bar_as_of_its_close() -> None:
    closing = following()
    closing.beside("BTC", {"bid": 99.5, "ask": 100.5})
    closing.beside("BTC", {"funding": 0.0000125, "ask": 100.75})
    closing.candle(a_candle("BTC", M))
    (bar,) = closing.candle(a_candle("BTC", M + 1))
    assert (bar.bid, bar.ask, bar.funding, bar.mark) == (99.5, 100.75, 0.0000125, None)


def test_symbols_that_are_not_followed_are_ignored() -> None:
    closing = following("BTC")
    assert closing.candle(a_candle("ETH", M)) == []
    closing.leave("BTC")
    assert closing.candle(a_candle("BTC", M)) == []
    assert closing.questions(minutes.closes(M + 5)) == []


def test_bars_of_several_symbols_go_on_minute_by_minute() -> None:
    closing = following("BTC", "ETH")
    bars = [
        *closing.answer(Question(symbol="BTC", start=M, last=M + 1), [a_candle("BTC", M)]),
        *closing.answer(Question(symbol="ETH", start=M, last=M + 1), [a_candle("ETH", M)]),
    ]
    assert [[bar.symbol for bar in group] for group in by_minute(bars)] == [["BTC", "ETH"], ["BTC", "ETH"]]
