"""A panel as heartbeats in bulk: what the live assembler would say of the same bars, far cheaper."""

from collections.abc import Iterator

import numpy as np

from strandloom.kinds.heartbeat import Heartbeat
from strandloom.market import minute as minutes
from strandloom.market.bars import Flags
from strandloom.market.describe import Noted, describe
from strandloom.market.holes import Holes
from strandloom.market.panel import Panel


def beats(market: Panel) -> Iterator[tuple[int, Heartbeat]]:
    """Every minute of the panel with its heartbeat; a symbol is expected from its first bar on."""
    known = market.known
    first = np.where(known.any(axis=1), known.argmax(axis=1), market.minutes)
    listed = np.arange(market.minutes) >= first[:, None]
    plain = (listed == known).all(axis=0) & ~market.filled.any(axis=0)
    holes, noted = Holes(), Noted(list)
    everyone = tuple(sorted(market.symbols))
    all_listed = int(first.max(initial=0))
    for column in range(market.minutes):
        if plain[column] and column >= all_listed and not holes:
            yield market.start + column, _complete(market, market.start + column, everyone)
        else:
            yield market.start + column, _troubled(market, column, known, listed, holes, noted)
            noted.clear()


def _complete(market: Panel, minute: int, everyone: tuple[str, ...]) -> Heartbeat:
    return Heartbeat(feed=market.venue, minute=minutes.opens(minute), present=everyone)


def _troubled(
    market: Panel, column: int, known: Flags, listed: Flags, holes: Holes, noted: Noted
) -> Heartbeat:
    names = np.array(market.symbols)
    there = known[:, column]
    present = tuple(sorted(names[there].tolist()))
    absent = sorted(names[listed[:, column] & ~there].tolist())
    filled = tuple(sorted(names[market.filled[:, column]].tolist()))
    return describe(market.venue, market.start + column, present, absent, holes, noted, filled)
