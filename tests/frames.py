"""Frames of the shipped sample, for tests of whatever looks at many bars."""

from functools import lru_cache

import numpy as np

from strandloom.indicators.frame import COLUMNS, Frame, nothing
from strandloom.market.panel import Panel, panel
from strandloom.market.sample import load


@lru_cache
def sample_panel(start: int = 0, minutes: int = 20_000) -> Panel:
    """That many minutes of BTC, ETH and SOL."""
    whole = panel(load())
    return whole.between(whole.start + start, whole.start + start + minutes)


def frame_of(market: Panel, bar_minutes: int = 1) -> Frame:
    """The panel's columns as if each were a bar of that length."""
    shape = (len(market.symbols), market.minutes)
    columns = {name: market.columns.get(name, nothing(*shape)) for name in COLUMNS}
    at = market.start // bar_minutes * bar_minutes + bar_minutes * np.arange(market.minutes)
    return Frame(minutes=bar_minutes, at=at, **columns)


def sample_frame(bars: int = 12_000, bar_minutes: int = 1) -> Frame:
    return frame_of(sample_panel(minutes=bars), bar_minutes)
