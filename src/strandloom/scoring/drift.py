"""The drift baseline: what entering at any minute would have earned, before costs.

Without it «always long» is a lesson in every rising month.  The mean over all entry minutes of a trailing
window, in the same session and for the same holding time, known before the entry that it is held against.
"""

from dataclasses import dataclass

import numpy as np

from strandloom.scoring.evidence import Floats, Ints

WINDOW_MIN = 5 * 1_440
FEWEST_ENTRIES = 60
BPS = 10_000.0


@dataclass(frozen=True, slots=True, eq=False)
class Drift:
    """One symbol's prices, summed up so that a baseline costs a handful of differences."""

    first: int  # the minute of the first price
    prices: int
    summed: Floats  # summed[i] is the sum of the logarithms of the first i prices
    starts: Ints  # of every stretch of one session
    sessions: Ints  # which session that is

    @staticmethod
    def of(first: int, close: Floats, session: Ints) -> "Drift":
        """From closes and sessions, one per minute from `first` on; a missing price is the one before it."""
        known = np.flatnonzero(np.isfinite(close))
        skipped = int(known[0]) if known.size else close.size
        close, session = close[skipped:], session[skipped:]
        last_known = np.maximum.accumulate(np.where(np.isfinite(close), np.arange(close.size), 0))
        price = np.log(close[last_known])
        starts = np.flatnonzero(np.diff(session, prepend=-1)).astype(np.int64)
        summed = np.concatenate([[0.0], np.cumsum(price)])
        return Drift(first + skipped, price.size, summed, starts, session[starts])

    def baseline_bps(self, opened: int, holding: int, session: int) -> float | None:
        """The mean gross result of buying at every such minute before `opened`; None where too few are known.

        Only prices before `opened` are read: an entry must have had its whole holding time by then.
        """
        here = opened - self.first
        start, stop = max(here - WINDOW_MIN, 0), min(here, self.prices) - holding
        if stop <= start:
            return None
        same = self.sessions == session
        ends = np.append(self.starts[1:], self.prices)[same]
        begin, end = np.clip(self.starts[same], start, stop), np.clip(ends, start, stop)
        entries = int((end - begin).sum())
        if entries < FEWEST_ENTRIES:
            return None
        after = self.summed[end + holding] - self.summed[begin + holding]
        before = self.summed[end] - self.summed[begin]
        return float((after - before).sum() / entries * BPS)
