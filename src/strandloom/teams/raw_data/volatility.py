"""raw_data.volatility: compression, expansion, breakouts from compression, trend and wildness."""

import numpy as np

from strandloom.indicators.frame import Floats
from strandloom.teams.raw_data.detector import Detector
from strandloom.teams.raw_data.rule import Rule, Seen, in_sds, only_where
from strandloom.teams.raw_data.source import watched


def compression(s: Seen) -> Floats:
    return only_where(s.squeeze_120 < 0.05, (1.0 - s.volatility_ratio_20_240) / 0.2)


def breakout(s: Seen) -> Floats:
    side = np.where(s.above_high_20_bps > 0.0, 1.0, np.where(s.below_low_20_bps > 0.0, -1.0, 0.0))
    size = np.abs(in_sds(s.return_5_bps, s.volatility_240_bps, 5))
    return only_where((s.squeeze_low_20 < 0.05) & (side * s.return_5_bps > 0.0), side * size)


def expansion(s: Seen) -> Floats:
    return only_where(s.volatility_ratio_20_240 > 1.6, s.efficiency_20 / 0.2)


def trend(s: Seen) -> Floats:
    return s.trend_z_60


def wild(s: Seen) -> Floats:
    return (s.wildness - 1.0) / 0.3


RULES = (
    Rule(
        name="volatility.breakout",
        sentence="Out of a narrow range, past the highs or lows of twenty bars, faster than usual.",
        formula="a 20-bar extreme broken within 20 bars of squeeze_120 < 0.05, 5-bar move beyond ±1.5 sd",
        strength=breakout,
        enter=1.5,
        leave=0.0,
        lasts_bars=30,
        horizon_bars=30,
        quotes=("squeeze_low_20", "above_high_20_bps", "below_low_20_bps", "return_5_bps"),
    ),
    Rule(
        name="volatility.expansion",
        sentence="Volatility rises while the price goes one way.",
        formula="efficiency_20 / 0.2 beyond ±2.2 with volatility_ratio_20_240 > 1.6",
        strength=expansion,
        enter=2.2,
        leave=1.2,
        horizon_bars=20,
        quotes=("volatility_ratio_20_240", "efficiency_20", "return_15_bps"),
    ),
    Rule(
        name="volatility.trend",
        sentence="The last sixty bars went further than a walk of the same volatility would.",
        formula="trend_z_60 beyond ±2.5",
        strength=trend,
        enter=2.5,
        leave=1.2,
        horizon_bars=60,
        quotes=("trend_z_60", "efficiency_60", "wildness"),
    ),
    Rule(
        name="volatility.compression",
        sentence="The narrowest range of two hours: what comes next is wider.",
        formula="(1 − volatility_ratio_20_240) / 0.2 above 2.2 with squeeze_120 < 0.05",
        strength=compression,
        enter=2.2,
        leave=1.5,
        horizon_bars=60,
        quotes=("squeeze_120", "volatility_ratio_20_240", "bollinger_width_bps"),
        directional=False,
    ),
    Rule(
        name="volatility.wild",
        sentence="Twice as volatile as in the last eight hours.",
        formula="(wildness − 1) / 0.3 above 3",
        strength=wild,
        enter=3.0,
        leave=1.5,
        horizon_bars=60,
        quotes=("wildness", "volatility_60_bps"),
        directional=False,
    ),
)


def module() -> Detector:
    """On every minute, five and fifteen minutes."""
    return Detector("volatility", watched(RULES, "1m", "5m", "15m"))
