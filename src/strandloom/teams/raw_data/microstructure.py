"""raw_data.microstructure: who pushes, who absorbs, and how minute returns are shaped."""

import numpy as np

from strandloom.indicators.frame import Floats
from strandloom.teams.raw_data.detector import Detector
from strandloom.teams.raw_data.rule import Rule, Seen, only_where
from strandloom.teams.raw_data.source import watched


def pressure(s: Seen) -> Floats:
    agree = (np.sign(s.obv_change_20) == np.sign(s.flow_20)) & (s.volume_ratio_20_120 > 1.0)
    return only_where(agree, s.flow_20 / 0.17)


def absorption(s: Seen) -> Floats:
    stuck = (s.efficiency_20 * np.sign(s.flow_20) < 0.02) & (s.volume_ratio_20_120 > 1.2)
    return only_where(stuck, -s.flow_20 / 0.12)


def shock(s: Seen) -> Floats:
    return -s.return_z_60


def fat_tails(s: Seen) -> Floats:
    return (s.kurtosis_120 - 3.0) / 4.0


def skewed(s: Seen) -> Floats:
    return only_where(np.abs(s.efficiency_60) < 0.2, s.skew_120 / 0.9)


def thin(s: Seen) -> Floats:
    return (s.impact_ratio_20_240 - 1.0) / 0.35


def wide_spread(s: Seen) -> Floats:
    return (s.spread_ratio_60 - 1.0) / 0.5


RULES = (
    Rule(
        name="microstructure.pressure",
        sentence="Bars keep closing at one end of their range on more volume than usual: a hurry.",
        formula="flow_20 / 0.17 beyond ±2.5, on-balance volume agreeing, volume_ratio_20_120 > 1",
        strength=pressure,
        enter=2.5,
        leave=1.5,
        horizon_bars=20,
        quotes=("flow_20", "obv_change_20", "volume_ratio_20_120", "efficiency_20"),
    ),
    Rule(
        name="microstructure.absorption",
        sentence="One side pushes on volume and the price does not follow: the other side is larger.",
        formula="flow_20 / 0.12 beyond ±2 against which efficiency_20 stays below 0.02",
        strength=absorption,
        enter=2.0,
        leave=0.0,
        lasts_bars=10,
        horizon_bars=20,
        quotes=("flow_20", "efficiency_20", "volume_ratio_20_120", "impact_ratio_20_240"),
    ),
    Rule(
        name="microstructure.shock",
        sentence="One bar moves as far as an hour usually does; part of such a jump is often given back.",
        formula="return_z_60 beyond ±6; expects the opposite direction",
        strength=shock,
        enter=6.0,
        leave=0.0,
        lasts_bars=15,
        horizon_bars=15,
        quotes=("return_z_60", "return_1_bps", "volume_z_120", "bar_range"),
    ),
    Rule(
        name="microstructure.skewed",
        sentence="Returns lean to one side in a market that goes nowhere.",
        formula="skew_120 / 0.9 beyond ±3 while |efficiency_60| < 0.2",
        strength=skewed,
        enter=3.0,
        leave=2.0,
        horizon_bars=30,
        quotes=("skew_120", "kurtosis_120", "efficiency_60"),
    ),
    Rule(
        name="microstructure.fat_tails",
        sentence="Single bars dominate the last two hours: stops are hit by noise.",
        formula="(kurtosis_120 − 3) / 4 above 4",
        strength=fat_tails,
        enter=4.0,
        leave=2.0,
        horizon_bars=60,
        quotes=("kurtosis_120", "skew_120"),
        directional=False,
    ),
    Rule(
        name="microstructure.thin",
        sentence="Little volume moves the price far: the book is thin.",
        formula="(impact_ratio_20_240 − 1) / 0.35 above 4",
        strength=thin,
        enter=4.0,
        leave=2.0,
        horizon_bars=30,
        quotes=("impact_ratio_20_240", "impact_240", "volume_ratio_20_120"),
        directional=False,
    ),
    Rule(
        name="microstructure.wide_spread",
        sentence="The spread is much wider than in the last hour.",
        formula="(spread_ratio_60 − 1) / 0.5 above 4, where the feed has quotes",
        strength=wide_spread,
        enter=4.0,
        leave=2.0,
        horizon_bars=10,
        quotes=("spread_bps", "spread_ratio_60"),
        directional=False,
    ),
)


def module() -> Detector:
    """On every minute."""
    return Detector("microstructure", watched(RULES, "1m"))
