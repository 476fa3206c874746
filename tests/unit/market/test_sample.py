"""The shipped sample is what its page says it is."""

import numpy as np
import pytest

from strandloom.basics.errors import BadInput
from strandloom.market import minute as minutes
from strandloom.market import sample
from strandloom.market.panel import panel


def test_the_sample_is_a_month_of_three_symbols_without_a_gap() -> None:
    market = panel(sample.load())
    assert market.symbols == ("BTC", "ETH", "SOL")
    assert minutes.opens(market.start).isoformat() == "2025-05-04T15:33:00+00:00"
    assert minutes.opens(market.stop - 1).isoformat() == "2025-06-03T15:31:00+00:00"
    assert market.known.all()


def test_every_bar_holds_its_open_and_close_between_low_and_high() -> None:
    columns = panel(sample.load()).columns
    assert (columns["high"] >= np.maximum(columns["open"], columns["close"])).all()
    assert (columns["low"] <= np.minimum(columns["open"], columns["close"])).all()
    assert (columns["volume"] >= 0).all()


def test_prices_keep_all_their_digits() -> None:
    assert sample.load(["BTC"])[0].columns["open"][0] == 95505.4


def test_another_symbol_is_refused_with_what_there_is() -> None:
    with pytest.raises(BadInput, match="no DOGE; it has BTC, ETH, SOL"):
        sample.load(["BTC", "DOGE"])
