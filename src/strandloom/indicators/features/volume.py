"""Features of volume, of order flow as far as bars show it, and of the day's average price."""

import numpy as np

from strandloom.indicators import flow, norms
from strandloom.indicators.features.family import Family
from strandloom.indicators.fold import rolling_mean
from strandloom.indicators.frame import Floats, Frame
from strandloom.indicators.moments import correlation_and_beta
from strandloom.indicators.oscillators import money_flow
from strandloom.indicators.steps import BPS, returns
from strandloom.indicators.vwap import vwap

DAYS = 6


def _volume(frame: Frame) -> tuple[Floats, ...]:
    z = norms.z_of_newest(frame.volume, 120)
    columns = z.shape[-1]
    means = [rolling_mean(frame.volume, bars)[..., -columns:] for bars in (5, 20, 120)]
    return z, means[0] / means[2], means[1] / means[2]


def _time_of_day(frame: Frame) -> tuple[Floats, ...]:
    half = max(1, 30 // frame.minutes)
    usual = norms.same_time_mean(frame.volume, frame.per_day, DAYS, half)
    columns = len(frame) - frame.per_day * DAYS - 30
    recent = rolling_mean(frame.volume[..., -columns - 4 :], 5)
    return (recent / usual[..., -columns:],)


def _agreement(frame: Frame) -> tuple[Floats, ...]:
    step = returns(frame.close)
    volume = frame.volume[..., 1:]
    together, _ = correlation_and_beta(np.abs(step), volume, 60)
    signed, _ = correlation_and_beta(step, volume, 60)
    return together, signed


def _flow(frame: Frame) -> tuple[Floats, ...]:
    location = flow.close_location(frame.high, frame.low, frame.close)
    balance = flow.flow_balance(location[..., 1:], frame.volume[..., 1:], 60)
    columns = balance.shape[-1]
    return (
        flow.obv_change(frame.close[..., 40:], frame.volume[..., 40:], 20)[..., -columns:],
        flow.obv_change(frame.close, frame.volume, 60),
        flow.flow_balance(location[..., 41:], frame.volume[..., 41:], 20)[..., -columns:],
        balance,
    )


def _money_flow(frame: Frame) -> tuple[Floats, ...]:
    return (money_flow(frame.high, frame.low, frame.close, frame.volume, 14),)


def _impact(frame: Frame) -> tuple[Floats, ...]:
    step = returns(frame.close)
    turnover = (frame.close * frame.volume)[..., 1:]
    long = flow.impact(step, turnover, 240)
    columns = long.shape[-1]
    short = flow.impact(step[..., 220:], turnover[..., 220:], 20)[..., -columns:]
    return long * BPS * 1e6, short / long


def _vwap(frame: Frame) -> tuple[Floats, ...]:
    typical = (frame.high + frame.low + frame.close) / 3.0
    average = vwap(frame.at, frame.minutes, typical, frame.volume)
    return ((frame.close[..., -average.shape[-1] :] / average - 1.0) * BPS,)


VOLUME = (
    Family(
        name="volume",
        bars=121,
        compute=_volume,
        features={
            "volume_z_120": "Newest volume in deviations from the 120 bars before.",
            "volume_ratio_5_120": "Mean volume of 5 bars over that of 120.",
            "volume_ratio_20_120": "Mean volume of 20 bars over that of 120.",
        },
    ),
    Family(
        name="time_of_day",
        bars=31,
        days=DAYS,
        compute=_time_of_day,
        features={
            "volume_of_day_ratio": "Mean volume of 5 bars over that of the 6 days before, ±30 minutes."
        },
    ),
    Family(
        name="agreement",
        bars=61,
        compute=_agreement,
        features={
            "move_volume_correlation_60": "Correlation of the size of returns with volume over 60 bars.",
            "price_volume_correlation_60": "Correlation of signed returns with volume over 60 bars.",
        },
    ),
    Family(
        name="flow",
        bars=61,
        compute=_flow,
        features={
            "obv_change_20": "Change of on-balance volume over 20 bars as a share of volume, −1..1.",
            "obv_change_60": "The same over 60 bars.",
            "flow_20": "Volume signed by where bars close in their range, 20 bars, −1..1.",
            "flow_60": "The same over 60 bars.",
        },
    ),
    Family(
        name="money_flow",
        bars=15,
        compute=_money_flow,
        features={"money_flow_14": "Money flow index over 14 bars, 0..100."},
    ),
    Family(
        name="impact",
        bars=241,
        compute=_impact,
        features={
            "impact_240": "Absolute return in bps per million of turnover over 240 bars.",
            "impact_ratio_20_240": "Impact of 20 bars over that of 240: below 1 volume is absorbed.",
        },
    ),
    Family(
        name="vwap",
        bars=0,
        days=1,
        compute=_vwap,
        features={"vwap_gap_bps": "Close above the volume-weighted average price since the UTC day began."},
    ),
)
