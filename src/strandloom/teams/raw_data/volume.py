"""raw_data.volume: spikes and droughts against the usual, whether price agrees, climaxes."""

import numpy as np

from strandloom.indicators.frame import Floats
from strandloom.teams.raw_data.detector import Detector
from strandloom.teams.raw_data.rule import Rule, Seen, in_sds, only_where
from strandloom.teams.raw_data.source import watched


def spike(s: Seen) -> Floats:
    moved = (np.abs(s.return_z_60) > 1.5) & (s.volume_of_day_ratio > 2.0)
    return only_where(moved, s.volume_z_120 * np.sign(s.return_1_bps))


def climax(s: Seen) -> Floats:
    run = in_sds(s.return_15_bps, s.volatility_240_bps, 15)
    spent = (np.abs(run) > 3.0) & (s.volume_z_120 > 3.0) & (s.bar_range > 2.0)
    return only_where(spent, -run)


def led(s: Seen) -> Floats:
    quiet = np.abs(in_sds(s.return_15_bps, s.volatility_240_bps, 15)) < 1.0
    return only_where(quiet & (s.volume_ratio_20_120 > 1.5), s.obv_change_20 / 0.25)


def agreement(s: Seen) -> Floats:
    along = np.sign(s.trend_z_60) == np.sign(s.price_volume_correlation_60)
    return only_where(along & (np.abs(s.trend_z_60) > 1.0), s.price_volume_correlation_60 / 0.17)


def drought(s: Seen) -> Floats:
    return only_where(s.volume_ratio_20_120 < 0.6, (1.0 - s.volume_of_day_ratio) / 0.25)


def clustering(s: Seen) -> Floats:
    return (s.volume_ratio_20_120 - 1.0) / 0.5


RULES = (
    Rule(
        name="volume.spike",
        sentence="Far more volume than in two hours and than at this time of day, in a bar that moves.",
        formula="volume_z_120 above 6, |return_z_60| > 1.5, volume_of_day_ratio > 2; direction of the bar",
        strength=spike,
        enter=6.0,
        leave=0.0,
        lasts_bars=20,
        horizon_bars=20,
        quotes=("volume_z_120", "volume_of_day_ratio", "return_z_60", "return_1_bps"),
    ),
    Rule(
        name="volume.climax",
        sentence="A long run ends in its widest bar on its highest volume: the last ones have joined.",
        formula="15-bar move beyond ±3 sd with volume_z_120 > 3 and bar_range > 2; expects the opposite",
        strength=climax,
        enter=3.0,
        leave=0.0,
        lasts_bars=30,
        horizon_bars=30,
        quotes=("return_15_bps", "volatility_240_bps", "volume_z_120", "bar_range"),
    ),
    Rule(
        name="volume.led",
        sentence="Volume takes a side while the price still stands: volume leads price.",
        formula="obv_change_20 / 0.25 beyond ±2 with volume_ratio_20_120 > 1.5 and a 15-bar move below 1 sd",
        strength=led,
        enter=2.0,
        leave=0.0,
        lasts_bars=15,
        horizon_bars=30,
        quotes=("obv_change_20", "volume_ratio_20_120", "return_15_bps"),
    ),
    Rule(
        name="volume.agreement",
        sentence="A move in which volume comes with the bars of its own direction.",
        formula="price_volume_correlation_60 / 0.17 beyond ±3 along a 60-bar move of more than 1 sd",
        strength=agreement,
        enter=3.0,
        leave=2.0,
        horizon_bars=30,
        quotes=("price_volume_correlation_60", "trend_z_60"),
    ),
    Rule(
        name="volume.drought",
        sentence="Hardly anyone trades, for this time of day and for the last two hours.",
        formula="(1 − volume_of_day_ratio) / 0.25 above 3.2 with volume_ratio_20_120 < 0.6",
        strength=drought,
        enter=3.2,
        leave=2.4,
        horizon_bars=60,
        quotes=("volume_of_day_ratio", "volume_ratio_20_120"),
        directional=False,
    ),
    Rule(
        name="volume.clustering",
        sentence="Twenty busy bars in a row.",
        formula="(volume_ratio_20_120 − 1) / 0.5 above 3",
        strength=clustering,
        enter=3.0,
        leave=1.5,
        horizon_bars=60,
        quotes=("volume_ratio_20_120", "volume_of_day_ratio"),
        directional=False,
    ),
)


def module() -> Detector:
    """On every minute."""
    return Detector("volume", watched(RULES, "1m"))
