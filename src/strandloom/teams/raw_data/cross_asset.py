"""raw_data.cross_asset: each symbol against all others, on returns and never on price levels."""

import numpy as np

from strandloom.indicators.frame import Floats
from strandloom.teams.raw_data.detector import Detector
from strandloom.teams.raw_data.lead_lag import LeadLag
from strandloom.teams.raw_data.rule import Rule, Seen, in_sds, only_where
from strandloom.teams.raw_data.source import watched


def _own_sd(s: Seen, bars: int) -> Floats:
    """Standard deviation of what a move of so many bars has beside the market's share."""
    own = np.sqrt(np.maximum(1.0 - s.market_correlation_240 * s.market_correlation_240, 0.05))
    sd: Floats = s.volatility_240_bps * bars**0.5 * own
    return sd


def relative_strength(s: Seen) -> Floats:
    return -s.relative_strength_60_bps / _own_sd(s, 60)


def catch_up(s: Seen) -> Floats:
    behind = s.market_beta_240 * s.market_return_15_bps - s.return_15_bps
    led = (
        np.abs(s.market_return_15_bps) > 2.0 * s.volatility_240_bps * 15**0.5 * s.market_correlation_240
    ) & (np.sign(behind) == np.sign(s.market_return_15_bps))
    return only_where(led & (s.market_correlation_240 > 0.5), behind / _own_sd(s, 15))


def market_move(s: Seen) -> Floats:
    together = np.abs(s.breadth_15) > 0.8
    return only_where(together, in_sds(s.market_return_15_bps, s.volatility_240_bps, 15))


def breakdown(s: Seen) -> Floats:
    return only_where(
        s.market_correlation_240 > 0.4, (s.market_correlation_240 - s.market_correlation_60) / 0.12
    )


RULES = (
    Rule(
        name="cross_asset.relative_strength",
        sentence="It has left the others behind (or stayed behind) further than its own noise explains.",
        formula="−relative_strength_60_bps beyond ±2.5 sd of its own 60-bar noise; expects it to come back",
        strength=relative_strength,
        enter=2.5,
        leave=1.2,
        horizon_bars=30,
        quotes=("relative_strength_60_bps", "market_beta_240", "market_correlation_240"),
    ),
    Rule(
        name="cross_asset.catch_up",
        sentence="The others have moved and it has not yet.",
        formula="beta · market move − own move over 15 bars beyond ±2.5 sd, correlation above 0.5",
        strength=catch_up,
        enter=2.5,
        leave=0.0,
        lasts_bars=15,
        horizon_bars=15,
        quotes=("market_return_15_bps", "return_15_bps", "market_beta_240", "market_correlation_240"),
    ),
    Rule(
        name="cross_asset.market_move",
        sentence="Nearly all symbols move together.",
        formula="|breadth_15| > 0.8 and the others' 15-bar move beyond ±2 sd",
        strength=market_move,
        enter=2.0,
        leave=1.0,
        horizon_bars=20,
        quotes=("breadth_15", "market_return_15_bps", "return_15_bps"),
    ),
    Rule(
        name="cross_asset.breakdown",
        sentence="It no longer moves with the others.",
        formula="(market_correlation_240 − market_correlation_60) / 0.12 above 2.2",
        strength=breakdown,
        enter=2.2,
        leave=1.0,
        horizon_bars=60,
        quotes=("market_correlation_60", "market_correlation_240"),
        directional=False,
    ),
)


def module() -> Detector:
    """On every minute; all but the lead on five and fifteen minutes."""
    return Detector("cross_asset", (*watched(RULES, "5m", "15m"), LeadLag()))
