"""How much the open positions are one and the same bet: their values, weighed by how they move together."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

import numpy as np

from strandloom.blackboard.desk import Market
from strandloom.venues.port import Position

BARS = 96  # quarters of an hour: a day
FEWEST = 24


def heaviest_usd(positions: Sequence[Position], correlation: Mapping[tuple[str, str], float]) -> Decimal:
    """The heaviest stack: one position with all others, each as far as it moves with it."""
    signed = {p.symbol: float(p.quantity * p.mark) for p in positions}
    stacks = [
        abs(sum(usd * (1.0 if a == b else correlation.get((a, b), 1.0)) for b, usd in signed.items()))
        for a in signed
    ]
    return Decimal(repr(round(max(stacks, default=0.0), 2)))


def correlations(market: Market, symbols: Sequence[str]) -> dict[tuple[str, str], float]:
    """Correlation of quarter-hour returns over a day, of every pair that has enough of them."""
    closes = market.bars("15m").close[:, -BARS - 1 :]
    there = [symbol for symbol in symbols if symbol in market.symbols]
    if closes.shape[1] <= FEWEST:
        return {}
    returns = {s: np.diff(np.log(closes[market.symbols.index(s)])) for s in there}
    found: dict[tuple[str, str], float] = {}
    for a in there:
        for b in there:
            both = np.isfinite(returns[a]) & np.isfinite(returns[b])
            mine, theirs = returns[a][both], returns[b][both]
            if a < b and both.sum() >= FEWEST and mine.std() > 0 and theirs.std() > 0:
                found[a, b] = found[b, a] = float(np.corrcoef(mine, theirs)[0, 1])
    return found
