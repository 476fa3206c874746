"""Driftless walks with bars, and patterns planted into them with known truth."""

import numpy as np
from scipy.signal import lfilter

from strandloom.indicators.frame import Floats
from strandloom.market.panel import Panel

START = 29_000_160  # a Monday, 00:00 UTC
SUBSTEPS = 6


def noise(symbols: int, bars: int, seed: int, *, common: float = 0.0, sd: float = 4e-4) -> Floats:
    """[symbol × bar × substep]: steps with fat tails and clusters; `common` is shared by all symbols."""
    rng = np.random.default_rng(seed)
    shape = symbols, bars, SUBSTEPS
    own = rng.standard_normal(shape)
    shared = rng.standard_normal((1, bars, SUBSTEPS))
    slow = np.cumsum(rng.normal(0.0, 0.05, (symbols, bars)), axis=1)
    level = np.exp(0.6 * np.tanh(slow))[..., None] * np.exp(rng.normal(0.0, 0.35, (symbols, bars)))[..., None]
    mixed = common * shared + np.sqrt(1.0 - common**2) * own
    return mixed * level * sd / SUBSTEPS**0.5


def slowly(rng: np.random.Generator, shape: tuple[int, int], sd: float) -> Floats:
    """A level that wanders and comes back: autoregression with 0.9."""
    return lfilter([1.0], [1.0, -0.9], rng.normal(0.0, sd, shape), axis=1)


def walk(steps: Floats, seed: int, volume: Floats | None = None) -> Panel:
    """Bars of a price that makes these steps; volume has nothing to do with direction unless given."""
    symbols, bars, _ = steps.shape
    path = 100.0 * np.cumprod(1.0 + steps.reshape(symbols, -1), axis=1).reshape(symbols, bars, SUBSTEPS)
    close = path[..., -1]
    opened = np.concatenate([np.full((symbols, 1), 100.0), close[:, :-1]], axis=1)
    rng = np.random.default_rng(seed + 1)
    if volume is None:
        size = np.abs(close / opened - 1.0)
        busy = np.exp(slowly(rng, (symbols, bars), 0.35))
        volume = busy * rng.lognormal(3.0, 0.4, (symbols, bars)) * (0.5 + size / size.mean())
    columns = {
        "open": opened,
        "high": np.maximum(path.max(axis=-1), opened),
        "low": np.minimum(path.min(axis=-1), opened),
        "close": close,
        "volume": volume,
        "oracle": close,
        "mark": close * (1.0 + 4e-4 * slowly(rng, (symbols, bars), 0.5)),
        "funding": 1e-5 * (1.0 + 2.0 * slowly(rng, (symbols, bars), 0.3)),
        "open_interest": 1e6 * np.exp(0.02 * np.cumsum(rng.standard_t(3, (symbols, bars)) * 0.3, axis=1)),
    }
    names = tuple(f"S{number:03}" for number in range(symbols))
    return Panel(
        venue="walk",
        symbols=names,
        start=START,
        columns=columns,
        filled=np.zeros((symbols, bars), dtype=np.bool_),
    )
