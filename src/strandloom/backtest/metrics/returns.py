"""Daily returns of an equity curve, by UTC days."""

import numpy as np

from strandloom.indicators.frame import Floats, Minutes
from strandloom.market.minute import DAY_MINUTES

DAYS_PER_YEAR = 365.0
FEWEST_DAYS = 28  # a few days say nothing about a year


def daily(minute: Minutes, equity: Floats, began_with: float) -> Floats:
    """One return per UTC day that the curve touches; the first counts from what it began with."""
    day = minute // DAY_MINUTES
    last = np.append(np.flatnonzero(np.diff(day)), len(day) - 1)
    ends = np.concatenate([[began_with], equity[last]])
    return np.asarray(np.diff(ends) / ends[:-1], dtype=np.float64)


def days(minute: Minutes) -> list[int]:
    """Those days, counted since 1970."""
    return [int(day) for day in np.unique(minute // DAY_MINUTES)]


def monthly(minute: Minutes, equity: Floats, began_with: float) -> dict[tuple[int, int], float]:
    """(year, month) → the return of that month, or of the part of it that was traded."""
    found: dict[tuple[int, int], float] = {}
    before = began_with
    month = (minute * 60).astype("datetime64[s]").astype("datetime64[M]")
    last = np.append(np.flatnonzero(month[1:] != month[:-1]), len(month) - 1)
    for at in last.tolist():
        year, number = divmod(int(month[at].astype(np.int64)), 12)
        found[1970 + year, number + 1] = float(equity[at] / before - 1.0)
        before = float(equity[at])
    return found


def total(returns: Floats) -> float:
    """All of them together."""
    return float(np.prod(1.0 + returns) - 1.0)


def annualised(returns: Floats) -> float | None:
    """The yearly return that would come to the same; None of less than four weeks, −1 when all is lost."""
    if returns.size < FEWEST_DAYS:
        return None
    grown = 1.0 + total(returns)
    if grown <= 0.0:
        return -1.0
    with np.errstate(over="ignore"):
        yearly = float(np.exp(np.log(grown) * DAYS_PER_YEAR / returns.size) - 1.0)
    return yearly if np.isfinite(yearly) else None
