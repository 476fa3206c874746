"""The follower's minutes: each column of the market in an order of symbols that stays."""

import numpy as np

from strandloom.learning.minutes import SymbolOrder
from strandloom.market.history import History
from tests.frames import sample_panel


def test_funding_is_read_at_the_minute_of_the_price_although_it_reaches_back_less_far() -> None:
    panel = sample_panel(minutes=3_000)
    view = History(panel).view(panel.stop - 1)
    order, frame = SymbolOrder(), view.bars()
    assert frame.funding.shape[1] < len(frame)
    on_the_hour = np.flatnonzero(frame.at % 60 == 0)
    for column in on_the_hour[[0, 5, -1]]:
        minute = order.stretch(view.symbols, frame, int(column), int(column) + 1)
        assert minute.close[:, 0].tolist() == panel.columns["close"][:, column].tolist()
        told = panel.columns["funding"][:, column] if column == on_the_hour[-1] else [0.0, 0.0, 0.0]
        assert minute.funding[:, 0].tolist() == list(told)
