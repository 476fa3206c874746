"""Bars as columns and panels: nothing is lost on the way in or out."""

import numpy as np
import pytest

from strandloom.basics.errors import BadInput
from strandloom.market.bars import Bars, collect, join, same
from strandloom.market.panel import panel
from tests.bars import MINUTE, a_bar


def test_a_bar_survives_the_way_through_columns() -> None:
    bar = a_bar(trades=12, funding=0.0000125, filled=True)
    (piece,) = collect([bar])
    assert piece.row(0) == bar


def test_bars_are_sorted_and_the_last_of_a_minute_stands() -> None:
    (piece,) = collect([a_bar(minute=12), a_bar(minute=10), a_bar(minute=12, close=99.5)])
    assert piece.minute.tolist() == [10, 12]
    assert piece.columns["close"].tolist() == [100.5, 99.5]


def test_joining_pieces_lets_the_later_piece_stand() -> None:
    (early,) = collect([a_bar(minute=10), a_bar(minute=11, mark=1.0)])
    (later,) = collect([a_bar(minute=11, close=100.75), a_bar(minute=12)])
    joined = join([early, later])
    assert joined.minute.tolist() == [10, 11, 12]
    assert joined.columns["close"].tolist() == [100.5, 100.75, 100.5]


def test_bars_are_the_same_only_with_all_their_numbers() -> None:
    (piece,) = collect([a_bar(minute=10), a_bar(minute=11), a_bar(minute=12), a_bar(minute=13, filled=True)])
    (other,) = collect([a_bar(minute=10), a_bar(minute=12, mark=1.0), a_bar(minute=13)])
    assert same(piece, other).tolist() == [True, False, False, False]


def test_between_takes_the_first_minute_and_not_the_last() -> None:
    (piece,) = collect(a_bar(minute=minute) for minute in range(10, 20))
    assert piece.between(12, 15).minute.tolist() == [12, 13, 14]


def test_a_panel_has_a_hole_where_a_symbol_has_no_bar() -> None:
    pieces = collect([a_bar(minute=10), a_bar(minute=11), a_bar("ETH", 11), a_bar("ETH", 13)])
    market = panel(pieces)
    assert (market.start, market.stop, market.symbols) == (10, 14, ("BTC", "ETH"))
    assert market.known.tolist() == [[True, True, False, False], [False, True, False, True]]
    assert [bar.symbol for bar in market.column(11)] == ["BTC", "ETH"]
    assert market.bars("ETH").minute.tolist() == [11, 13]


def test_cutting_a_panel_keeps_its_minutes_in_place() -> None:
    market = panel(collect(a_bar(minute=minute, close=100 + minute / 1000) for minute in range(10, 20)))
    cut = market.between(15, 18)
    assert cut.start == 15
    assert np.array_equal(cut.columns["close"], market.columns["close"][:, 5:8])


def test_a_panel_of_nothing_says_what_to_do() -> None:
    empty: list[Bars] = []
    with pytest.raises(BadInput, match="import some"):
        panel(empty)


def test_a_column_of_a_panel_is_its_bars_as_values() -> None:
    bars = [a_bar(trades=12, filled=True), a_bar("ETH", funding=0.0000125)]
    assert panel(collect(bars)).column(MINUTE) == bars
