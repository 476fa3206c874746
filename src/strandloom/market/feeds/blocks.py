"""The sample cut into blocks of minute shapes: what a simulated market is made of.

A shape is a bar as simple returns on the close before it.  The mean is taken out, and a block may be mirrored
(highs become lows), so that fat tails, clustered volatility and cross-correlation stay and no direction does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b

import numpy as np
from numpy.random import Generator, default_rng

from strandloom.market import sample
from strandloom.market.bars import Floats
from strandloom.market.panel import panel

BLOCK_MINUTES = 240


@dataclass(frozen=True, slots=True, eq=False)
class Shapes:
    """Arrays [symbol × minute]: returns on the close before, and volume in dollars."""

    open: Floats
    high: Floats
    low: Floats
    close: Floats
    dollars: Floats

    def mirrored(self) -> "Shapes":
        """The same market upside down."""
        return Shapes(-self.open, -self.low, -self.high, -self.close, self.dollars)

    def span(self, start: int, length: int) -> "Shapes":
        """Some minutes of it, copied."""
        cut = slice(start, start + length)
        arrays = (self.open, self.high, self.low, self.close, self.dollars)
        return Shapes(*(array[:, cut].copy() for array in arrays))


@cache
def real() -> Shapes:
    """The sample as shapes with the mean taken out."""
    columns = panel(sample.load()).columns
    before = columns["close"][:, :-1]
    returns = {name: columns[name][:, 1:] / before - 1 for name in ("open", "high", "low", "close")}
    mean = returns["close"].mean(axis=1, keepdims=True)
    dollars = columns["volume"][:, 1:] * columns["close"][:, 1:]
    opened, high, low, closed = (column - mean for column in returns.values())
    return Shapes(opened, high, low, closed, dollars)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trait:
    """How a symbol is made: which sample symbol it takes after, how much it follows the market, its price."""

    base: int
    follows: float  # 1: it is the base itself
    price: float


@cache
def trait(symbol: str) -> Trait:
    """The sample's own symbols as they were; any other name gets traits of its own, always the same."""
    if symbol in sample.SYMBOLS:
        (piece,) = sample.load([symbol])
        return Trait(base=sample.SYMBOLS.index(symbol), follows=1.0, price=float(piece.columns["close"][-1]))
    rng = default_rng(_number(symbol))
    price = float(f"{10 ** rng.uniform(-1, 3):.3g}")
    return Trait(base=int(rng.integers(len(sample.SYMBOLS))), follows=rng.uniform(0.5, 0.8), price=price)


def draw(symbols: Sequence[str], seed: int, block: int) -> Shapes:
    """Block number `block` of the world with that seed; the same for a symbol whoever else is in it."""
    rng = default_rng([seed, block])
    common = _somewhere(rng)
    upside_down = bool(rng.integers(2))
    parts = [_one(symbol, common, seed, block) for symbol in symbols]
    names = ("open", "high", "low", "close", "dollars")
    drawn = Shapes(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))
    return drawn.mirrored() if upside_down else drawn


def _one(symbol: str, common: Shapes, seed: int, block: int) -> Shapes:
    made = trait(symbol)
    base = _row(common, made.base)
    if made.follows == 1.0:
        return base
    own = _row(_somewhere(default_rng([seed, block, _number(symbol)])), made.base)
    return _mixed(base, own, made.follows)


def _mixed(base: Shapes, own: Shapes, follows: float) -> Shapes:
    """Partly the market, partly a block of its own; the wicks are mixed like the bodies."""
    rest = (1 - follows**2) ** 0.5

    def mix(left: Floats, right: Floats) -> Floats:
        mixed: Floats = follows * left + rest * right
        return mixed

    opened, closed = mix(base.open, own.open), mix(base.close, own.close)
    up = mix(*(part.high - np.maximum(part.open, part.close) for part in (base, own)))
    down = mix(*(np.minimum(part.open, part.close) - part.low for part in (base, own)))
    high, low = np.maximum(opened, closed) + up, np.minimum(opened, closed) - down
    return Shapes(opened, high, low, closed, (base.dollars + own.dollars) / 2)


def _somewhere(rng: Generator) -> Shapes:
    shapes = real()
    return shapes.span(int(rng.integers(shapes.close.shape[1] - BLOCK_MINUTES + 1)), BLOCK_MINUTES)


def _row(shapes: Shapes, row: int) -> Shapes:
    arrays = (shapes.open, shapes.high, shapes.low, shapes.close, shapes.dollars)
    return Shapes(*(array[row : row + 1] for array in arrays))


def _number(symbol: str) -> int:
    return int.from_bytes(blake2b(symbol.encode(), digest_size=8).digest(), "big")
