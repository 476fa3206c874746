"""Features of movement: returns, volatility, bands, shape of returns, regime."""

import numpy as np

from strandloom.indicators import bands, ranges, regime, volatility
from strandloom.indicators.features.family import Family
from strandloom.indicators.fold import rolling_mean, rolling_min, rolling_sum
from strandloom.indicators.frame import Floats, Frame
from strandloom.indicators.moments import skew_and_kurtosis
from strandloom.indicators.steps import BPS, returns

SHORT, LONG, SPAN = (
    60,
    480,
    60,
)  # regime: bars of trend and present volatility, of usual volatility, of memory
TREND_LEAVES, TREND_ENTERS = 0.7, 1.5  # standard deviations
WILD_LEAVES, WILD_ENTERS = 0.15, 0.35  # above (or below) the usual volatility, as a share of it


def _returns(frame: Frame) -> tuple[Floats, ...]:
    columns = len(frame) - 60
    moves = [returns(frame.close, bars)[..., -columns:] for bars in (1, 5, 15, 60)]
    usual = volatility.realised(returns(frame.close[..., :-1]), 59)
    return (*(move * BPS for move in moves), moves[0] / usual)


def _volatility(frame: Frame) -> tuple[Floats, ...]:
    step = returns(frame.close)
    long = volatility.realised(step, 240)
    columns = long.shape[-1]
    short, middle = (volatility.realised(step, bars)[..., -columns:] for bars in (20, 60))
    return short * BPS, middle * BPS, long * BPS, short / long


def _atr(frame: Frame) -> tuple[Floats, ...]:
    width = ranges.atr(frame.high, frame.low, frame.close, 14)
    columns = width.shape[-1]
    bar = (frame.high - frame.low)[..., -columns:]
    return width / frame.close[..., -columns:] * BPS, bar / width


def _bollinger(frame: Frame) -> tuple[Floats, ...]:
    place, width = bands.bollinger(frame.close, 20)
    squeeze = bands.place_in_range(width, 120)
    narrowest = rolling_min(squeeze, 20)
    columns = narrowest.shape[-1]
    return place[..., -columns:], width[..., -columns:] * BPS, squeeze[..., -columns:], narrowest


def _shape(frame: Frame) -> tuple[Floats, ...]:
    step = returns(frame.close)
    skew, kurtosis = skew_and_kurtosis(step, 120)
    columns = skew.shape[-1]
    return (
        skew,
        kurtosis,
        volatility.variance_ratio(step, 5, 120),
        volatility.autocorrelation(step[..., 60:], 60)[..., -columns:],
        volatility.efficiency(step[..., 100:], 20)[..., -columns:],
        volatility.efficiency(step[..., 60:], 60)[..., -columns:],
    )


def _regime(frame: Frame) -> tuple[Floats, ...]:
    step = returns(frame.close)
    squares = step * step
    usual = np.sqrt(rolling_mean(squares, LONG))
    columns = usual.shape[-1]
    present = np.sqrt(rolling_mean(squares[..., LONG - SHORT :], SHORT))
    drift = rolling_sum(step[..., LONG - SHORT :], SHORT) / (present * SHORT**0.5)
    ratio = present / usual
    trend = regime.three_way(drift, TREND_LEAVES, TREND_ENTERS, SPAN)
    wildness = regime.three_way(ratio - 1.0, WILD_LEAVES, WILD_ENTERS, SPAN)
    number = (trend + 1.0) * 3.0 + wildness + 1.0
    kept = columns - SPAN + 1
    return drift[..., -kept:], ratio[..., -kept:], number


MOTION = (
    Family(
        name="returns",
        bars=61,
        compute=_returns,
        features={
            "return_1_bps": "Return of the newest bar.",
            "return_5_bps": "Return over 5 bars.",
            "return_15_bps": "Return over 15 bars.",
            "return_60_bps": "Return over 60 bars.",
            "return_z_60": "Return of the newest bar in units of the volatility of the 59 bars before it.",
        },
    ),
    Family(
        name="volatility",
        bars=241,
        compute=_volatility,
        features={
            "volatility_20_bps": "Realised volatility per bar over 20 bars.",
            "volatility_60_bps": "Realised volatility per bar over 60 bars.",
            "volatility_240_bps": "Realised volatility per bar over 240 bars.",
            "volatility_ratio_20_240": "Volatility of 20 bars over that of 240: below 1 is compressed.",
        },
    ),
    Family(
        name="atr",
        bars=ranges.atr_lookback(14),
        compute=_atr,
        features={
            "atr_14_bps": "Wilder's average true range over 14 bars, as a share of the close.",
            "bar_range": "Range of the newest bar in average true ranges.",
        },
    ),
    Family(
        name="bollinger",
        bars=158,
        compute=_bollinger,
        features={
            "bollinger_z_20": "Close in standard deviations from its 20-bar average.",
            "bollinger_width_bps": "The 20-bar standard deviation as a share of the average.",
            "squeeze_120": "That width within its own 120-bar range: 0 is the narrowest.",
            "squeeze_low_20": "The lowest of that in the last 20 bars.",
        },
    ),
    Family(
        name="shape",
        bars=121,
        compute=_shape,
        features={
            "skew_120": "Skewness of 120 returns.",
            "kurtosis_120": "Excess kurtosis of 120 returns.",
            "variance_ratio_5_120": "Variance of 5-bar moves over 5 times that of single bars.",
            "autocorrelation_60": "Correlation of neighbouring returns over 60 bars.",
            "efficiency_20": "Net move over distance travelled in 20 bars, −1..1.",
            "efficiency_60": "Net move over distance travelled in 60 bars, −1..1.",
        },
    ),
    Family(
        name="regime",
        bars=LONG + SPAN,
        compute=_regime,
        features={
            "trend_z_60": "60-bar move in standard deviations of a walk of the same volatility.",
            "wildness": "Volatility of 60 bars over that of 480.",
            "regime": "Trend (down, flat, up) × volatility (quiet, normal, wild), 0..8, with hysteresis.",
        },
    ),
)
