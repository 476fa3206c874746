"""How fast and how small the market is that modules see: features after a full hour, memory of a week."""

import gc
import time
from pathlib import Path
from resource import getpagesize

import numpy as np

from strandloom.indicators.features.catalogue import features
from strandloom.indicators.frame import OPTIONAL, REQUIRED, Floats
from strandloom.market.minute import DAY_MINUTES
from strandloom.market.panel import Panel
from strandloom.market.window import Window

SYMBOLS = 200
TIMEFRAMES = ("1m", "5m", "15m", "30m", "1h")  # all of which close with a full hour
WEEK = 7 * DAY_MINUTES
_HOUR = 500_000 * 60
_HAS = REQUIRED + tuple(name for name in OPTIONAL if name != "quote_volume")  # as Hyperliquid's feed has them
_ROUNDS = 7


def run() -> dict[str, float]:
    """Both measurements."""
    return {"features_200x5_ms": features_ms(), "window_200x7d_mb": window_mb()}


def features_ms() -> float:
    """Every feature of 200 symbols in five timeframes after a full hour: processor time, best of a few."""
    window = _filled(_HOUR)
    frames = [window.view().bars(name) for name in TIMEFRAMES]
    took = []
    for _ in range(_ROUNDS):
        start = time.process_time()
        for frame in frames:
            features(frame, 1)
        took.append(time.process_time() - start)
    return min(took) * 1e3


def window_mb() -> float:
    """Resident memory of a window that holds a week of 200 symbols and has gone on for an hour."""
    hour = _walk(_HOUR, 60)
    before = _resident_mb()
    window = _filled(_HOUR)
    for minute in range(hour.start, hour.stop):
        window.append(minute, hour.column(minute))
        for name in TIMEFRAMES:
            window.view().features(name)
    gc.collect()
    return _resident_mb() - before


def _filled(stop: int) -> Window:
    """A week of minutes before `stop`, laid in day by day, and hours from further back."""
    window = Window(f"S{number:03}" for number in range(SYMBOLS))
    hours = 640
    coarse = _walk(stop - WEEK - hours * 60, hours)
    window.warm(coarse, "1h")
    for start in range(stop - WEEK, stop, DAY_MINUTES):
        window.warm(_walk(start, DAY_MINUTES))
    return window


def _walk(start: int, bars: int) -> Panel:
    """Prices that wander, seeded by their own time."""
    rng = np.random.default_rng(start)
    shape = SYMBOLS, bars
    close = 100.0 * np.cumprod(1.0 + rng.normal(0.0, 1e-4, shape), axis=1)
    reach = close * np.abs(rng.normal(0.0, 1e-4, shape))
    columns: dict[str, Floats] = dict.fromkeys(_HAS, np.asarray(close, dtype=np.float64))
    columns |= {"high": close + reach, "low": close - reach, "volume": rng.gamma(2.0, 5.0, shape)}
    symbols = tuple(f"S{number:03}" for number in range(SYMBOLS))
    filled = np.zeros(shape, dtype=np.bool_)
    return Panel(venue="bench", symbols=symbols, start=start, columns=columns, filled=filled)


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * getpagesize() / 1e6
