"""Edges planted into a simulated market, with the truth written down: for tests and demonstrations."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.random import Generator

from strandloom.market.bars import Floats
from strandloom.market.feeds.blocks import Shapes

BPS = 1e-4


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What was planted: from the close of `minute` on, `symbol` drifts that far in that time."""

    edge: str
    symbol: str
    minute: int
    bps: float  # signed
    horizon_minutes: int


class Edge(Protocol):
    """Changes one block in place and says what it did; minutes are counted from the block's first."""

    def plant(self, shapes: Shapes, symbols: Sequence[str], rng: Generator) -> list[Truth]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadLag:
    """One symbol does later, in part, what another did: true of every minute, so none is listed."""

    leader: str
    follower: str
    lag_minutes: int = 2
    share: float = 0.5

    def plant(self, shapes: Shapes, symbols: Sequence[str], rng: Generator) -> list[Truth]:
        leader, follower = symbols.index(self.leader), symbols.index(self.follower)
        _push(shapes, follower, self.lag_minutes, self.share * shapes.close[leader, : -self.lag_minutes])
        return []


@dataclass(frozen=True, slots=True, kw_only=True)
class VolumeLed:
    """A minute of outsized volume, and a drift in the direction of its bar."""

    symbol: str
    bps: float = 60.0
    horizon_minutes: int = 30
    times: float = 8.0

    def plant(self, shapes: Shapes, symbols: Sequence[str], rng: Generator) -> list[Truth]:
        row = symbols.index(self.symbol)
        at = int(rng.integers(shapes.close.shape[1] - self.horizon_minutes - 1))
        way = 1.0 if rng.integers(2) else -1.0
        shapes.dollars[row, at] *= self.times
        _push(
            shapes, row, at, np.array([way * (abs(shapes.close[row, at]) + 10 * BPS) - shapes.close[row, at]])
        )
        _push(shapes, row, at + 1, _drift(way * self.bps, self.horizon_minutes))
        return [_truth("volume_led", self.symbol, at, way * self.bps, self.horizon_minutes)]


@dataclass(frozen=True, slots=True, kw_only=True)
class AfterCompression:
    """Two hours that hardly move, then a drift; its first minute shows the way."""

    symbol: str
    bps: float = 80.0
    horizon_minutes: int = 60
    compressed_minutes: int = 120
    to: float = 0.25

    def plant(self, shapes: Shapes, symbols: Sequence[str], rng: Generator) -> list[Truth]:
        row = symbols.index(self.symbol)
        room = shapes.close.shape[1] - self.compressed_minutes - self.horizon_minutes - 1
        start = int(rng.integers(room + 1))
        out = start + self.compressed_minutes
        way = 1.0 if rng.integers(2) else -1.0
        for column in (shapes.open, shapes.high, shapes.low, shapes.close):
            column[row, start:out] *= self.to
        _push(shapes, row, out, np.array([way * 15 * BPS]))
        _push(shapes, row, out + 1, _drift(way * self.bps, self.horizon_minutes))
        return [_truth("after_compression", self.symbol, out, way * self.bps, self.horizon_minutes)]


def _drift(bps: float, length: int) -> Floats:
    return np.full(length, bps * BPS / length)


def _push(shapes: Shapes, row: int, start: int, by: Floats) -> None:
    """Move the closes of those minutes, and the wick on that side with them."""
    cut = slice(start, start + len(by))
    shapes.close[row, cut] += by
    shapes.high[row, cut] = np.maximum(shapes.high[row, cut] + np.maximum(by, 0), shapes.close[row, cut])
    shapes.low[row, cut] = np.minimum(shapes.low[row, cut] + np.minimum(by, 0), shapes.close[row, cut])


def _truth(edge: str, symbol: str, minute: int, bps: float, horizon: int) -> Truth:
    return Truth(edge=edge, symbol=symbol, minute=minute, bps=bps, horizon_minutes=horizon)
