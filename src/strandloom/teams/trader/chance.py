"""The probability that an order saves against a taker order, written down before it is sent."""

from collections.abc import Mapping, Sequence
from typing import Any

KAPPA = 8.0  # orders that the coarser key's word is worth
EVEN = 0.5


def chances(keys: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> tuple[float, float]:
    """Of the finest key, and of the one above it; each leans on what the next coarser one knows beyond it."""
    known = {row["key"]: (float(row["measured"]), float(row["wins"])) for row in rows}
    counts = [known.get(key, (0.0, 0.0)) for key in keys]
    rungs = [EVEN]
    for number in reversed(range(len(keys))):
        finer = counts[number - 1] if number else (0.0, 0.0)
        orders, wins = counts[number][0] - finer[0], counts[number][1] - finer[1]
        rungs.append((KAPPA * rungs[-1] + wins) / (KAPPA + orders))
    return rungs[-1], rungs[-2]
