"""A simulated market without end: any stretch of it can be made at any time, always the same."""

import dataclasses
from collections.abc import Sequence

import numpy as np
from numpy.random import default_rng

from strandloom.market.bars import Flags, Floats
from strandloom.market.feeds import blocks
from strandloom.market.feeds.blocks import BLOCK_MINUTES, Shapes
from strandloom.market.feeds.planted import Edge, Truth
from strandloom.market.minute import DAY_MINUTES
from strandloom.market.panel import Panel

VENUE = "simulated"
HISTORY_MINUTES = 7 * DAY_MINUTES
_FUNDING = 0.0000125  # the venue's floor, always: it says nothing about what comes
_DIGITS = 6


class World:
    """A pure function of seed and minute.  History begins seven days before `start`."""

    def __init__(
        self, symbols: Sequence[str], start: int, *, seed: int = 1, planted: Sequence[Edge] = ()
    ) -> None:
        self.symbols = tuple(symbols)
        self.start = start
        self.origin = start - HISTORY_MINUTES
        self._seed = seed
        self._planted = tuple(planted)
        self._recent: dict[int, tuple[Shapes, list[Truth]]] = {}
        self._levels: list[Floats] = [np.array([blocks.trait(symbol).price for symbol in symbols])]

    def panel(self, start: int, stop: int) -> Panel:
        """The bars of minutes `start` up to, not including, `stop`; none before the origin."""
        start = max(start, self.origin)
        first, last = self._number(start), self._number(max(stop - 1, start))
        made = [self._bars(block) for block in range(first, last + 1)]
        columns = {name: np.concatenate([part[name] for part in made], axis=1) for name in made[0]}
        filled: Flags = np.zeros(columns["close"].shape, dtype=np.bool_)
        whole = Panel(
            venue=VENUE,
            symbols=self.symbols,
            start=self.origin + first * BLOCK_MINUTES,
            columns=columns,
            filled=filled,
        )
        return whole.between(start, stop)

    def truths(self, start: int, stop: int) -> list[Truth]:
        """What was planted in those minutes."""
        numbers = range(max(0, self._number(start)), self._number(stop - 1) + 1)
        found = [truth for block in numbers for truth in self._block(block)[1]]
        return [truth for truth in found if start <= truth.minute < stop]

    def _number(self, minute: int) -> int:
        return (minute - self.origin) // BLOCK_MINUTES

    def _block(self, block: int) -> tuple[Shapes, list[Truth]]:
        if block not in self._recent:
            self._recent = {block: self._made(block)}
        return self._recent[block]

    def _made(self, block: int) -> tuple[Shapes, list[Truth]]:
        shapes = blocks.draw(self.symbols, self._seed, block)
        rng = default_rng([self._seed, block, len(self._planted)])
        truths = [truth for edge in self._planted for truth in edge.plant(shapes, self.symbols, rng)]
        first = self.origin + block * BLOCK_MINUTES
        return shapes, [dataclasses.replace(truth, minute=first + truth.minute) for truth in truths]

    def _level(self, block: int) -> Floats:
        """The closes before a block begins."""
        while len(self._levels) <= block:
            shapes, _ = self._block(len(self._levels) - 1)
            self._levels.append(self._levels[-1] * np.prod(1 + shapes.close, axis=1))
        return self._levels[block]

    def _bars(self, block: int) -> dict[str, Floats]:
        level = self._level(block)[:, None]
        shapes, _ = self._block(block)
        after = level * np.cumprod(1 + shapes.close, axis=1)
        before = np.concatenate([level, after[:, :-1]], axis=1)
        names = ("open", "high", "low", "close")
        prices = {name: _rounded(before * (1 + getattr(shapes, name))) for name in names}
        volume = _rounded(shapes.dollars / after)
        return {**prices, "volume": volume, "funding": np.full(after.shape, _FUNDING)}


def _rounded(values: Floats) -> Floats:
    """To six significant digits, so that numbers look like prices; order is kept."""
    with np.errstate(divide="ignore"):
        digits = _DIGITS - 1 - np.floor(np.log10(np.abs(values)))
    scale = 10.0 ** np.clip(np.nan_to_num(digits, posinf=0), 0, 15)
    rounded: Floats = np.round(values * scale) / scale
    return rounded
