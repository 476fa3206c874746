"""What a prediction is followed through: the market's own numbers, from the minute that is asked for."""

import numpy as np

from strandloom.learning.minutes import stretch
from strandloom.market.history import History
from tests.frames import sample_panel


def test_funding_is_read_at_the_minute_of_the_price_although_it_reaches_back_less_far() -> None:
    panel = sample_panel(minutes=3_000)
    view = History(panel).view(panel.stop - 1)
    assert view.bars().funding.shape[1] < len(view.bars())
    row, charged = panel.symbols.index(view.symbols[1]), panel.columns["funding"]
    seen = stretch(view, view.symbols[1], panel.start)
    assert seen.first_s == panel.start * 60
    assert seen.close == panel.columns["close"][row].tolist()
    hours = [at for at in range(panel.minutes) if (panel.start + at) % 60 == 0]
    reached = [at for at in hours if at >= panel.minutes - view.bars().funding.shape[1]]
    assert 0 < len(reached) < len(hours)
    assert list(seen.funding) == [(at, charged[row, at]) for at in reached if np.isfinite(charged[row, at])]


def test_only_what_is_asked_for_is_laid_out() -> None:
    panel = sample_panel(minutes=300)
    view = History(panel).view(panel.stop - 1)
    newest = stretch(view, view.symbols[0], panel.stop - 3)
    assert newest.first_s == (panel.stop - 3) * 60
    assert newest.low == view.bars().low[0, -3:].tolist()
    assert len(stretch(view, view.symbols[0], panel.stop).close) == 0


def test_a_symbol_that_the_market_does_not_have_has_no_trading() -> None:
    panel = sample_panel(minutes=300)
    view = History(panel).view(panel.stop - 1)
    assert not any(volume > 0 for volume in stretch(view, "NONE", panel.stop - 5).volume)
