"""raw_data.momentum: RSI, MACD, Bollinger, averages and breakouts, on four timeframes."""

import numpy as np

from strandloom.indicators.frame import Floats
from strandloom.teams.raw_data.detector import Detector
from strandloom.teams.raw_data.rule import Rule, Seen, in_sds, only_where
from strandloom.teams.raw_data.source import watched


def rsi(s: Seen) -> Floats:
    return only_where(s.adx_14 < 35.0, (50.0 - s.rsi_14) / 9.0)


def macd_cross(s: Seen) -> Floats:
    crossed = np.sign(s.macd_gap_bps) != np.sign(s.before("macd_gap_bps", 1))
    far = s.macd_bps * np.sign(s.macd_gap_bps) < 0.0
    size = np.abs(s.macd_bps) / (s.atr_14_bps * 0.6)
    return only_where(crossed & far, np.sign(s.macd_gap_bps) * size)


def averages(s: Seen) -> Floats:
    side = np.sign(s.ema_gap_9_21_bps)
    aligned = (side == np.sign(s.ema_gap_21_50_bps)) & (side == np.sign(s.ema_gap_9_bps))
    return only_where(aligned & (side * s.direction_14 > 0.0), side * s.adx_14 / 13.0)


def bollinger(s: Seen) -> Floats:
    return only_where((s.adx_14 < 25.0) & (np.abs(s.bar_range) < 3.0), -s.bollinger_z_20)


def breakout(s: Seen) -> Floats:
    side = np.where(s.above_high_60_bps > 0.0, 1.0, np.where(s.below_low_60_bps > 0.0, -1.0, 0.0))
    size = np.abs(in_sds(s.return_15_bps, s.volatility_240_bps, 15))
    return only_where(s.volume_ratio_5_120 > 1.5, side * size)


RULES = (
    Rule(
        name="momentum.rsi",
        sentence="Stretched without a strong trend: such moves tend to come back.",
        formula="(50 − rsi_14) / 9 beyond ±2.8 while adx_14 < 35",
        strength=rsi,
        enter=2.8,
        leave=1.5,
        horizon_bars=20,
        quotes=("rsi_14", "adx_14", "stochastic_14"),
    ),
    Rule(
        name="momentum.macd_cross",
        sentence="The MACD line turns through its signal from far on the other side.",
        formula="crossing while |macd_bps| / (0.6 · atr_14_bps) is beyond ±2 on the far side",
        strength=macd_cross,
        enter=2.0,
        leave=0.0,
        lasts_bars=20,
        horizon_bars=20,
        quotes=("macd_bps", "macd_signal_bps", "macd_gap_bps", "atr_14_bps"),
    ),
    Rule(
        name="momentum.averages",
        sentence="Price, short, middle and long average in order, and a strong directional movement.",
        formula="adx_14 / 13 above 4 with the 9-, 21- and 50-bar averages in order",
        strength=averages,
        enter=4.0,
        leave=2.5,
        horizon_bars=40,
        quotes=("ema_gap_9_21_bps", "ema_gap_21_50_bps", "adx_14", "direction_14"),
    ),
    Rule(
        name="momentum.bollinger",
        sentence="Outside its bands in a market without direction.",
        formula="−bollinger_z_20 beyond ±2.7 while adx_14 < 25",
        strength=bollinger,
        enter=2.7,
        leave=1.0,
        horizon_bars=15,
        quotes=("bollinger_z_20", "bollinger_width_bps", "adx_14"),
    ),
    Rule(
        name="momentum.breakout",
        sentence="A new high or low of sixty bars on more volume.",
        formula="a 60-bar extreme broken with volume_ratio_5_120 > 1.5 and a 15-bar move beyond ±1.8 sd",
        strength=breakout,
        enter=1.8,
        leave=0.0,
        lasts_bars=30,
        horizon_bars=30,
        quotes=("above_high_60_bps", "below_low_60_bps", "return_15_bps", "volume_ratio_5_120"),
    ),
)


def module() -> Detector:
    """On every minute, five and fifteen minutes, and hour."""
    return Detector("momentum", watched(RULES, "1m", "5m", "15m", "1h"))
