"""Features of direction: averages, oscillators, bands and channels."""

from strandloom.indicators import averages, bands, oscillators, ranges
from strandloom.indicators.aroon import aroon
from strandloom.indicators.features.family import Family
from strandloom.indicators.frame import Floats, Frame
from strandloom.indicators.moments import slope
from strandloom.indicators.steps import BPS


def _averages(frame: Frame) -> tuple[Floats, ...]:
    close = frame.close
    columns = len(frame) - averages.recursive_lookback(50) + 1
    fast, middle, slow = (averages.ema(close, period)[..., -columns:] for period in (9, 21, 50))
    now = close[..., -columns:]
    simple = averages.sma(close, 200)[..., -columns:]
    return (
        (now / fast - 1.0) * BPS,
        (fast / middle - 1.0) * BPS,
        (middle / slow - 1.0) * BPS,
        (now / simple - 1.0) * BPS,
    )


def _rsi(frame: Frame) -> tuple[Floats, ...]:
    return (oscillators.rsi(frame.close, 14),)


def _macd(frame: Frame) -> tuple[Floats, ...]:
    line, signal = oscillators.macd(frame.close, 12, 26, 9)
    unit = BPS / frame.close[..., -line.shape[-1] :]
    return line * unit, signal * unit, (line - signal) * unit


def _stochastic(frame: Frame) -> tuple[Floats, ...]:
    return (oscillators.stochastic(frame.high, frame.low, frame.close, 14),)


def _adx(frame: Frame) -> tuple[Floats, ...]:
    return ranges.adx(frame.high, frame.low, 14)


def _line(frame: Frame) -> tuple[Floats, ...]:
    line = slope(frame.close[..., 6:], 20)
    columns = line.shape[-1]
    return line / frame.close[..., -columns:] * BPS, aroon(frame.high, frame.low, 25)


def _channels(frame: Frame) -> tuple[Floats, ...]:
    wide = bands.channel(frame.high, frame.low, frame.close, 60)
    columns = wide[0].shape[-1]
    near = bands.channel(frame.high[..., 40:], frame.low[..., 40:], frame.close[..., 40:], 20)
    place = bands.place_in_range(frame.close[..., 1:], 60)
    breaks = (*(x[..., -columns:] for x in near), *wide)
    return (*(x * BPS for x in breaks), place)


TREND = (
    Family(
        name="averages",
        bars=averages.recursive_lookback(50),
        compute=_averages,
        features={
            "ema_gap_9_bps": "Close above its 9-bar exponential average.",
            "ema_gap_9_21_bps": "The 9-bar exponential average above the 21-bar one.",
            "ema_gap_21_50_bps": "The 21-bar exponential average above the 50-bar one.",
            "sma_gap_200_bps": "Close above its 200-bar simple average.",
        },
    ),
    Family(
        name="rsi",
        bars=oscillators.rsi_lookback(14),
        compute=_rsi,
        features={"rsi_14": "Wilder's relative strength over 14 bars, 0..100."},
    ),
    Family(
        name="macd",
        bars=oscillators.macd_lookback(26, 9),
        compute=_macd,
        features={
            "macd_bps": "12-bar less 26-bar exponential average, as a share of the close.",
            "macd_signal_bps": "9-bar exponential average of the MACD line.",
            "macd_gap_bps": "The MACD line above its signal.",
        },
    ),
    Family(
        name="stochastic",
        bars=14,
        compute=_stochastic,
        features={"stochastic_14": "Where the close stands in the 14-bar range, 0..1."},
    ),
    Family(
        name="adx",
        bars=ranges.adx_lookback(14),
        compute=_adx,
        features={
            "adx_14": "Strength of directional movement over 14 bars, 0..100.",
            "direction_14": "Balance of upward against downward movement, −1..1.",
        },
    ),
    Family(
        name="line",
        bars=26,
        compute=_line,
        features={
            "slope_20_bps": "Slope per bar of the straight line through 20 closes.",
            "aroon_25": "How recent the 25-bar high is against the low, −100..100.",
        },
    ),
    Family(
        name="channels",
        bars=61,
        compute=_channels,
        features={
            "above_high_20_bps": "Close above the highest high of the 20 bars before; above 0 is a breakout.",
            "below_low_20_bps": "Close below the lowest low of the 20 bars before.",
            "above_high_60_bps": "Close above the highest high of the 60 bars before.",
            "below_low_60_bps": "Close below the lowest low of the 60 bars before.",
            "place_60": "Where the close stands among the last 60 closes, 0..1.",
        },
    ),
)
