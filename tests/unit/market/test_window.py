"""The market that modules see: exact roll-ups, nothing later than now, the same live and replayed."""

from dataclasses import replace

import numpy as np
import pytest

from strandloom.basics.errors import Retryable
from strandloom.indicators.features.catalogue import NAMES
from strandloom.indicators.frame import COLUMNS, Frame
from strandloom.market import minute as minutes
from strandloom.market.history import History
from strandloom.market.panel import Panel
from strandloom.market.timeframes import MINUTES
from strandloom.market.view import PAST, View
from strandloom.market.window import Window
from tests.frames import sample_panel

TIMEFRAMES = tuple(MINUTES)


@pytest.fixture(scope="module")
def panel() -> Panel:
    return sample_panel(minutes=3_000)


def filled(panel: Panel, *, warm: int = 0) -> Window:
    """A window that was warmed with the first minutes and then heard the others one by one."""
    window = Window(panel.symbols)
    if warm:
        window.warm(panel.between(panel.start, panel.start + warm))
    for minute in range(panel.start + warm, panel.stop):
        window.append(minute, panel.column(minute))
    return window


def same_frames(a: Frame, b: Frame) -> None:
    bars = min(len(a), len(b))
    np.testing.assert_array_equal(a.tail(bars).at, b.tail(bars).at)
    for name in COLUMNS:
        np.testing.assert_array_equal(getattr(a.tail(bars), name), getattr(b.tail(bars), name), name)


def everything_now(view: View, timeframe: str = "1m") -> np.ndarray:
    """[feature × symbol]."""
    return np.stack([view.features(timeframe)[name] for name in NAMES])


def same_views(a: View, b: View) -> None:
    assert (a.minute, a.symbols) == (b.minute, b.symbols)
    closes = a.bars().close[:, -1]
    for view in (a, b):
        np.testing.assert_array_equal([view.price(row) for row in range(len(view.symbols))], closes)
    for timeframe in TIMEFRAMES:
        same_frames(a.bars(timeframe), b.bars(timeframe))
        np.testing.assert_array_equal(everything_now(a, timeframe), everything_now(b, timeframe))
        for name in ("rsi_14", "regime", "place_60"):
            np.testing.assert_array_equal(
                a.features(timeframe).past(name, PAST), b.features(timeframe).past(name, PAST)
            )


def test_live_restarted_and_replayed_markets_are_the_same_to_the_bit(panel: Panel) -> None:
    live = filled(panel, warm=2_700)
    restarted = filled(panel, warm=2_995)
    history = History(panel)
    history.view(panel.start + 1_700).features("1m")
    for view in (restarted.view(), history.view(panel.stop - 1)):
        same_views(live.view(), view)


def test_every_replayed_minute_equals_the_live_one(panel: Panel) -> None:
    short = panel.between(panel.start, panel.start + 700)
    live, history = Window(short.symbols), History(short)
    for minute in range(short.start, short.stop):
        live.append(minute, short.column(minute))
        if minute % 7 == 0 or minute < short.start + 3:
            same_views(live.view(), history.view(minute))


@pytest.mark.parametrize("timeframe", TIMEFRAMES)
def test_roll_ups_are_whole_bars_anchored_in_utc(panel: Panel, timeframe: str) -> None:
    length = MINUTES[timeframe]
    frame = filled(panel, warm=2_000).view().bars(timeframe)
    assert (frame.at % length == 0).all()
    assert frame.at[-1] + length <= panel.stop < frame.at[-1] + 2 * length
    for bar in range(len(frame)):
        own = panel.between(int(frame.at[bar]), int(frame.at[bar]) + length).columns
        np.testing.assert_array_equal(frame.open[:, bar], own["open"][:, 0])
        np.testing.assert_array_equal(frame.high[:, bar], own["high"].max(axis=1))
        np.testing.assert_array_equal(frame.low[:, bar], own["low"].min(axis=1))
        np.testing.assert_array_equal(frame.close[:, bar], own["close"][:, -1])
        np.testing.assert_allclose(frame.volume[:, bar], own["volume"].sum(axis=1), rtol=1e-12)
    stop = int(frame.at[-1]) + length
    np.testing.assert_array_equal(
        frame.funding[:, -1], panel.between(stop - 1, stop).columns["funding"][:, 0]
    )


def with_hole(panel: Panel, symbol: int, column: int) -> Panel:
    columns = {name: matrix.copy() for name, matrix in panel.columns.items()}
    for matrix in columns.values():
        matrix[symbol, column] = np.nan
    return replace(panel, columns=columns)


def test_a_bar_that_lacks_a_minute_is_unknown_and_the_gap_is_counted(panel: Panel) -> None:
    view = filled(with_hole(panel, 1, 2_980), warm=2_900).view()
    minute = panel.start + 2_980
    for timeframe in ("5m", "15m", "30m", "1h"):
        frame = view.bars(timeframe)
        there = frame.at == minute // frame.minutes * frame.minutes
        if there.any():
            assert np.isnan(frame.close[1, there]).all()
            assert np.isfinite(frame.close[[0, 2]][:, there]).all()
    assert view.missing(60).tolist() == [0, 1, 0]
    assert view.age_minutes().tolist() == [0, 0, 0]


def test_a_silent_symbol_ages_while_the_others_flow(panel: Panel) -> None:
    window = filled(panel.between(panel.start, panel.start + 100))
    for minute in range(panel.start + 100, panel.start + 105):
        window.append(minute, panel.column(minute)[:2])
    assert window.view().age_minutes().tolist() == [0, 0, 5]


def test_a_late_bar_heals_the_market_from_its_own_heartbeat_on(panel: Panel) -> None:
    holed = with_hole(panel, 1, 2_900)
    late = panel.column(panel.start + 2_900)[1]
    window, history = filled(holed.between(panel.start, panel.start + 2_950), warm=2_500), History(holed)
    before = window.view()
    close = before.bars().close.copy()
    history.view(panel.start + 2_949).features()
    for minute in range(panel.start + 2_950, panel.stop):
        first = minute == panel.start + 2_950
        window.append(minute, panel.column(minute), corrections=[late] if first else [])
        if first:
            history.view(minute)
            history.correct([late])
    whole = filled(panel, warm=2_999).view()
    same_views(window.view(), whole)
    same_views(history.view(panel.stop - 1), whole)
    np.testing.assert_array_equal(before.bars().close, close)
    assert np.isnan(close[1, -50])


def test_minutes_lost_in_a_downtime_are_unknown_not_forgotten(panel: Panel) -> None:
    window = filled(panel.between(panel.start, panel.start + 100))
    window.append(panel.start + 130, panel.column(panel.start + 130))
    frame = window.view().bars()
    assert len(frame) == 131
    assert np.isnan(frame.close[:, 100:130]).all() and np.isfinite(frame.close[:, 130]).all()
    assert (np.diff(window.view().bars("5m").at) == 5).all()


def test_a_minute_told_twice_counts_once(panel: Panel) -> None:
    window = filled(panel.between(panel.start, panel.start + 10))
    assert not window.append(panel.start + 9, panel.column(panel.start + 9))
    assert len(window.view().bars()) == 10


def test_a_new_listing_gets_a_row_and_changes_no_other(panel: Panel) -> None:
    window = Window(["BTC", "SOL"])
    for minute in range(panel.start, panel.start + 400):
        bars = panel.column(minute)
        window.append(minute, bars if minute >= panel.start + 300 else [bars[0], bars[2]])
    view = window.view()
    assert view.symbols == ("BTC", "ETH", "SOL")
    close = panel.columns["close"][:, :400]
    np.testing.assert_array_equal(view.bars().close[[0, 2]], close[[0, 2]])
    np.testing.assert_array_equal(view.bars().close[1, 300:], close[1, 300:])
    assert np.isnan(view.bars().close[1, :300]).all()


def test_symbols_are_sorted_whatever_order_they_come_in(panel: Panel) -> None:
    short = panel.between(panel.start, panel.start + 300)
    backwards = Panel(
        venue=short.venue,
        symbols=short.symbols[::-1],
        start=short.start,
        columns={name: matrix[::-1] for name, matrix in short.columns.items()},
        filled=short.filled[::-1],
    )
    warmed = Window()
    warmed.warm(backwards)
    same_views(warmed.view(), filled(short).view())
    same_views(History(backwards).view(short.stop - 1), filled(short).view())


def everything_reachable(thing: object, depth: int = 4) -> list[np.ndarray]:
    """Every array that can be reached from public attributes, mappings and the bases of arrays."""
    if isinstance(thing, np.ndarray):
        base = [] if thing.base is None else everything_reachable(thing.base, depth - 1)
        return [thing, *base]
    if isinstance(thing, memoryview):
        return [np.frombuffer(thing)]
    if depth == 0 or isinstance(thing, str | int | float | None.__class__):
        return []
    names = [name for name in dir(thing) if not name.startswith("_")]
    return [found for name in names for found in everything_reachable(getattr(thing, name), depth - 1)]


@pytest.mark.parametrize("kind", ["live", "replay"])
def test_there_is_no_way_to_look_past_the_current_minute(panel: Panel, kind: str) -> None:
    minute = panel.start + 2_000
    columns = {name: matrix.copy() for name, matrix in panel.columns.items()}
    for matrix in columns.values():
        matrix[:, 2_001:] = -777.0
    marked = replace(panel, columns=columns)
    if kind == "replay":
        history = History(marked)
        view = history.view(minute)
    else:
        view = filled(marked.between(panel.start, minute + 1), warm=1_900).view()
    things = [view, *(view.bars(name) for name in TIMEFRAMES), *(view.features(name) for name in TIMEFRAMES)]
    things += [view.features().past(name, PAST) for name in NAMES]
    things += [view.features(timeframe)[name] for timeframe in TIMEFRAMES for name in NAMES]
    arrays = [array for thing in things for array in everything_reachable(thing)]
    assert len(arrays) > 500
    assert not any((array == -777.0).any() for array in arrays)
    assert view.bars().at[-1] == minute
    assert all(not view.bars(name).close.flags.writeable for name in TIMEFRAMES)


def test_nobody_can_write_to_the_market(panel: Panel) -> None:
    window = filled(panel.between(panel.start, panel.start + 100))
    for view in (window.view(), History(panel).view(panel.start + 99)):
        close = view.bars().close
        with pytest.raises(ValueError, match="read-only"):
            close[0, 0] = 1.0
        with pytest.raises(ValueError, match="WRITEABLE"):
            close.flags.writeable = True
        with pytest.raises(ValueError, match="read-only"):
            view.features()["rsi_14"][0] = 1.0


@pytest.mark.slow
def test_a_view_stays_as_it_was_while_the_market_goes_on(panel: Panel) -> None:
    window = filled(panel.between(panel.start, panel.start + 1_000))
    view = window.view()
    close, values = view.bars().close.copy(), everything_now(view)
    for minute in range(panel.start + 1_000, panel.start + 1_900):
        window.append(minute, panel.column(minute))
        window.view().features()
    np.testing.assert_array_equal(view.bars().close, close)
    np.testing.assert_array_equal(everything_now(view), values)


def test_a_view_that_lags_behind_works_out_its_own_features(panel: Panel) -> None:
    window = filled(panel.between(panel.start, panel.start + 1_000))
    old = window.view()
    for minute in range(panel.start + 1_000, panel.start + 1_100):
        window.append(minute, panel.column(minute))
        window.view().features()
    wanted = History(panel).view(panel.start + 999)
    np.testing.assert_array_equal(everything_now(old), everything_now(wanted))
    np.testing.assert_array_equal(old.features().past("rsi_14", PAST), wanted.features().past("rsi_14", PAST))


def test_a_replay_does_not_go_back(panel: Panel) -> None:
    history = History(panel)
    early = history.view(panel.start + 10)
    history.view(panel.start + 11)
    with pytest.raises(ValueError, match="cannot go back"):
        history.view(panel.start + 10)
    with pytest.raises(LookupError, match="moved on"):
        early.bars()


def test_coarse_bars_can_be_warmed_from_further_back_than_minutes(panel: Panel) -> None:
    hours = History(panel).view(panel.stop - 1).bars("1h")
    stored = Panel(
        venue=panel.venue,
        symbols=panel.symbols,
        start=int(hours.at[0]),
        columns={name: getattr(hours, name) for name in panel.columns},
        filled=np.zeros(hours.close.shape, dtype=np.bool_),
    )
    window = Window(panel.symbols)
    window.warm(stored.between(stored.start, stored.start + 40), "1h")
    window.warm(panel.between(panel.start + 2_000, panel.stop))
    same_frames(window.view().bars("1h"), hours)
    assert len(window.view().bars("1h")) == len(hours)


def test_a_strand_handled_late_sees_the_market_of_its_own_minute(panel: Panel) -> None:
    window, history = filled(panel.between(panel.start, panel.start + 900)), History(panel)
    kept = window.view()
    for minute in range(panel.start + 900, panel.start + 960):
        window.append(minute, panel.column(minute))
        window.view()
    same_views(window.at(minutes.closes(panel.start + 950)), history.view(panel.start + 950))
    gone = window.at(minutes.closes(panel.start + 899))
    same_views(gone, kept)
    with pytest.raises(Retryable, match="have not come yet"):
        window.at(minutes.closes(panel.start + 960))


def test_an_empty_window_asks_to_be_tried_later() -> None:
    with pytest.raises(Retryable):
        Window(["BTC"]).view()


def test_one_symbols_feature_is_that_of_all(panel: Panel) -> None:
    for view in (filled(panel, warm=2_900).view(), History(panel).view(panel.stop - 1)):
        known = view.features("5m")
        assert [known.of(row, "rsi_14") for row in range(3)] == known["rsi_14"].tolist()


def test_the_price_of_a_silent_symbol_is_not_known(panel: Panel) -> None:
    holed = with_hole(panel, 1, 2_980)
    for view in (
        filled(holed.between(panel.start, panel.start + 2_981)).view(),
        History(holed).view(panel.start + 2_980),
    ):
        assert [np.isnan(view.price(row)) for row in range(3)] == [False, True, False]


def test_before_the_first_minute_there_is_no_price(panel: Panel) -> None:
    assert np.isnan(History(panel).view(panel.start - 1).price(0))
