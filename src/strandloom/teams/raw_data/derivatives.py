"""raw_data.derivatives: funding, basis and open interest, where the feed has them."""

import numpy as np

from strandloom.indicators.frame import Floats
from strandloom.teams.raw_data.detector import Detector
from strandloom.teams.raw_data.rule import Rule, Seen, in_sds, only_where
from strandloom.teams.raw_data.source import watched

USUAL_FUNDING_BPS = 0.125  # an hour's share of the customary 0.01 % in 8 hours


def funding(s: Seen) -> Floats:
    return -(s.funding_bps - USUAL_FUNDING_BPS) / 0.08


def basis(s: Seen) -> Floats:
    return -s.basis_bps / 4.0


def build_up(s: Seen) -> Floats:
    move = in_sds(s.return_60_bps, s.volatility_240_bps, 60)
    return only_where(s.interest_change_60_bps > 100.0, np.sign(move) * s.interest_change_60_bps / 80.0)


def flush(s: Seen) -> Floats:
    move = in_sds(s.return_15_bps, s.volatility_240_bps, 15)
    return only_where((s.interest_change_15_bps < -100.0) & (np.abs(move) > 2.0), -move)


RULES = (
    Rule(
        name="derivatives.funding",
        sentence="One side pays dearly to stay: it is crowded.",
        formula="−(funding_bps − 0.125) / 0.08 beyond ±2; expects the crowd to give in",
        strength=funding,
        enter=2.0,
        leave=1.5,
        horizon_bars=96,
        quotes=("funding_bps", "funding_change_60_bps"),
    ),
    Rule(
        name="derivatives.basis",
        sentence="The mark stands far from the oracle: leverage pulls one way.",
        formula="−basis_bps / 4 beyond ±3",
        strength=basis,
        enter=3.0,
        leave=1.5,
        horizon_bars=24,
        quotes=("basis_bps", "funding_bps"),
    ),
    Rule(
        name="derivatives.build_up",
        sentence="Open interest grows along with a move: new money takes its side.",
        formula="interest_change_60_bps / 80 above 2.5, in the direction of the 60-bar move",
        strength=build_up,
        enter=2.5,
        leave=1.5,
        horizon_bars=24,
        quotes=("interest_change_60_bps", "return_60_bps"),
    ),
    Rule(
        name="derivatives.flush",
        sentence="Open interest drops in a fast move: positions are being closed by force.",
        formula="15-bar move beyond ±2 sd as open interest falls by over 100 bps; expects the opposite",
        strength=flush,
        enter=2.0,
        leave=0.0,
        lasts_bars=12,
        horizon_bars=12,
        quotes=("interest_change_15_bps", "return_15_bps"),
    ),
)


def module() -> Detector:
    """On five minutes."""
    return Detector("derivatives", watched(RULES, "5m"))
