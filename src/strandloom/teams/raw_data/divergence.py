"""raw_data.divergence: price against momentum, against volume, against related symbols."""

import numpy as np

from strandloom.indicators.frame import Floats
from strandloom.teams.raw_data.detector import Detector
from strandloom.teams.raw_data.rule import Rule, Seen, in_sds, only_where
from strandloom.teams.raw_data.source import watched


def _move(s: Seen) -> Floats:
    return in_sds(s.return_60_bps, s.volatility_240_bps, 60)


def momentum(s: Seen) -> Floats:
    top = (s.place_60 > 0.97) & (s.macd_gap_bps < 0.0) & (s.rsi_14 < 62.0)
    bottom = (s.place_60 < 0.03) & (s.macd_gap_bps > 0.0) & (s.rsi_14 > 38.0)
    size = np.abs(_move(s)) + np.abs(s.macd_gap_bps) / (0.15 * s.atr_14_bps)
    return np.where(top, -size, np.where(bottom, size, 0.0))


def volume(s: Seen) -> Floats:
    move = _move(s)
    against = (
        (np.sign(move) != np.sign(s.obv_change_60)) & (np.abs(move) > 1.0) & (np.abs(s.obv_change_60) > 0.04)
    )
    return only_where(against, -np.sign(move) * (np.abs(move) + np.abs(s.obv_change_60) / 0.12))


def related(s: Seen) -> Floats:
    own = np.sqrt(np.maximum(1.0 - s.market_correlation_240 * s.market_correlation_240, 0.05))
    gap = s.market_beta_240 * s.market_return_15_bps - s.return_15_bps
    apart = (s.market_correlation_240 > 0.6) & (s.market_return_15_bps * s.return_15_bps < 0.0)
    return only_where(apart, in_sds(gap, s.volatility_240_bps, 15) / own)


RULES = (
    Rule(
        name="divergence.momentum",
        sentence="A new extreme of the price that momentum does not confirm.",
        formula="place_60 at an end while MACD gap and RSI point back; move and gap together above 1.5 sd",
        strength=momentum,
        enter=1.5,
        leave=0.0,
        lasts_bars=24,
        horizon_bars=24,
        quotes=("place_60", "macd_gap_bps", "rsi_14", "return_60_bps"),
    ),
    Rule(
        name="divergence.volume",
        sentence="The price has moved one way and volume the other.",
        formula="60-bar move beyond 1 sd against obv_change_60 beyond 0.04; together above 1.7",
        strength=volume,
        enter=1.7,
        leave=0.8,
        horizon_bars=24,
        quotes=("return_60_bps", "obv_change_60", "volatility_240_bps"),
    ),
    Rule(
        name="divergence.related",
        sentence="It moves against symbols with which it usually moves.",
        formula="opposite 15-bar moves at a correlation above 0.6, beyond ±2.5 sd of its own noise",
        strength=related,
        enter=2.5,
        leave=0.0,
        lasts_bars=12,
        horizon_bars=12,
        quotes=("return_15_bps", "market_return_15_bps", "market_correlation_240"),
    ),
)


def module() -> Detector:
    """On five and fifteen minutes."""
    return Detector("divergence", watched(RULES, "5m", "15m"))
