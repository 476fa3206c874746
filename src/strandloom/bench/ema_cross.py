"""The one detector of the backtest's benchmark, and a market that it can trade on as often as one likes."""

import numpy as np

from strandloom.indicators.frame import Floats
from strandloom.market.panel import Panel
from strandloom.teams.raw_data.detector import Detector
from strandloom.teams.raw_data.rule import Rule, Seen, only_where
from strandloom.teams.raw_data.source import watched

HORIZON_BARS = 20
STRENGTH = 3.5  # enough to be a signal
PRICE = 100_000.0
SLOPE, NOISE = 0.00025, 0.0002  # of the price, per bar


def crossing(s: Seen) -> Floats:
    """The 9-bar average of closes goes through the 21-bar one."""
    now, before = np.sign(s.ema_gap_9_21_bps), np.sign(s.before("ema_gap_9_21_bps", 1))
    return only_where(np.isfinite(before) & (now != before), now * STRENGTH)


RULE = Rule(
    name="momentum.ema_cross",
    sentence="The short average crosses the long one.",
    formula="ema_gap_9_21_bps changes its sign",
    strength=crossing,
    enter=3.0,
    leave=0.0,
    lasts_bars=20,
    horizon_bars=HORIZON_BARS,
    quotes=("ema_gap_9_21_bps",),
)


def module() -> Detector:
    """On minutes."""
    return Detector("momentum", watched((RULE,), "1m"))


def waves(bars: int, every: int, start: int) -> Panel:
    """One symbol that turns every so many bars."""
    rng = np.random.default_rng(11)
    at = np.arange(bars + 1)
    height = np.abs((at / every) % 2.0 - 1.0) * every * SLOPE
    close = PRICE * np.exp(height + rng.normal(0.0, NOISE, bars + 1))
    opened, close = close[None, :-1], close[None, 1:]
    columns: dict[str, Floats] = {
        "open": opened,
        "high": np.maximum(opened, close) * 1.0001,
        "low": np.minimum(opened, close) * 0.9999,
        "close": close,
        "volume": rng.lognormal(3.0, 0.5, (1, bars)),
    }
    filled = np.zeros((1, bars), dtype=np.bool_)
    return Panel(venue="bench", symbols=("BTC",), start=start, columns=columns, filled=filled)
