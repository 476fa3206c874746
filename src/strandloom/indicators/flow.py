"""Order flow as far as bars show it: on-balance volume, close location, price impact."""

import numpy as np

from strandloom.indicators.fold import rolling_sum
from strandloom.indicators.frame import Floats
from strandloom.indicators.steps import change


def obv_change(close: Floats, volume: Floats, bars: int) -> Floats:
    """Change of on-balance volume as a share of volume, −1..1; looks back bars + 1."""
    signed = np.sign(change(close)) * volume[..., 1:]
    return rolling_sum(signed, bars) / rolling_sum(volume[..., 1:], bars)


def close_location(high: Floats, low: Floats, close: Floats) -> Floats:
    """Where each bar closed in its own range: −1 at the low, 1 at the high, 0 where it had none."""
    span = high - low
    return np.where(span == 0.0, 0.0, (2.0 * close - high - low) / span)


def flow_balance(location: Floats, volume: Floats, bars: int) -> Floats:
    """Volume signed by close location as a share of volume, −1..1."""
    return rolling_sum(location * volume, bars) / rolling_sum(volume, bars)


def impact(step: Floats, turnover: Floats, bars: int) -> Floats:
    """Absolute return per unit of turnover over the last bars: how much price a trade moves."""
    return rolling_sum(np.abs(step), bars) / rolling_sum(turnover, bars)
