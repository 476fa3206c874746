"""The probability that an order saves against a taker order, written down before it is sent."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import sqrt
from typing import Any

from scipy.special import stdtrit

from strandloom.scoring.evidence import SD_FLOOR_BPS

ENOUGH = 8  # measured orders; fewer say nothing of how far they scatter
LIKELY = 0.95  # the share of orders that is thought to lie inside
KAPPA = 8.0  # orders that the coarser key's word is worth
EVEN = 0.5


Sums = Mapping[str, Mapping[str, Any]]  # rows by key


def chances(keys: Sequence[str], sums: Sums) -> tuple[float, float]:
    """Of the finest key, and of the one above it; each leans on what the next coarser one knows beyond it."""
    counts = [_counts(sums.get(key)) for key in keys]
    rungs = [EVEN]
    for number in reversed(range(len(keys))):
        finer = counts[number - 1] if number else (0.0, 0.0)
        orders, wins = counts[number][0] - finer[0], counts[number][1] - finer[1]
        rungs.append((KAPPA * rungs[-1] + wins) / (KAPPA + orders))
    return rungs[-1], rungs[-2]


def _counts(row: Mapping[str, Any] | None) -> tuple[float, float]:
    return (float(row["measured"]), float(row["wins"])) if row else (0.0, 0.0)


def likely_saved_bps(keys: Sequence[str], sums: Sums) -> tuple[float, float] | None:
    """Where the next order's saving should lie, by the finest way of sending of which enough is known."""
    row = next((sums[key] for key in keys if key in sums and sums[key]["measured"] >= ENOUGH), None)
    if row is None:
        return None
    orders = float(row["measured"])
    mean = float(row["saved_bps"]) / orders
    variance = max(float(row["saved_sq"]) - orders * mean * mean, 0.0) / (orders - 1.0)
    reach = max(sqrt(variance), SD_FLOOR_BPS) * sqrt(1.0 + 1.0 / orders)
    return mean - reach * _quantile(orders), mean + reach * _quantile(orders)


@lru_cache(maxsize=4_096)
def _quantile(orders: float) -> float:
    """Student's, kept because an order in a hurry asks for it."""
    return float(stdtrit(orders - 1.0, (1.0 + LIKELY) / 2.0))
