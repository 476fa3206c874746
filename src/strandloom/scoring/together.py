"""Do two streams of events come together more often than their own rhythms explain, and does one lead?

Time is cut into days of equal slots, each with one place per symbol.  The null is drawn by laying one
stream's days over other days of the other: that keeps the time of day, the runs within a day and what all
symbols do at once, and breaks nothing but the connection between the two.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Cube = npt.NDArray[np.float32]  # [day × slot × symbol], 1 where the event began
Overlaps = npt.NDArray[np.float64]  # [day of one × day of the other × lag]
Draws = npt.NDArray[np.int64]  # [draw × day]
REACH = 4  # slots to either side within which one may lead the other
FEWEST_DAYS = 6  # fewer have too few arrangements for a small p


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """How often both began in one slot on one symbol, against what their rhythms alone would give."""

    count: int
    expected: float
    lift: float
    p: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """How much oftener the second follows the first than the other way round; positive: the first leads."""

    after: int  # times that the second began within reach after the first
    before: int  # and before it
    slots: int  # the lag at which it followed most often
    p: float  # two-sided


def draws(days: int, count: int, rng: np.random.Generator) -> Draws:
    """So many ways to lay days over days, the true one not among them on purpose."""
    return rng.permuted(np.tile(np.arange(days), (count, 1)), axis=1)


def overlaps(one: Cube, other: Cube, reach: int = REACH) -> Overlaps:
    """How often the other began `lag` slots after the one, for every pairing of days and every lag."""
    days, slots, symbols = one.shape
    beyond = np.zeros((reach, symbols), dtype=np.float32)  # beyond the ends there was nothing
    padded = np.concatenate((beyond, other.reshape(-1, symbols), beyond))
    shifted = [padded[lag : lag + days * slots].reshape(days, -1) for lag in range(2 * reach + 1)]
    mine = one.reshape(days, -1)
    return np.stack([mine @ theirs.T for theirs in shifted], axis=2).astype(np.float64)


def together(overlap: Overlaps, drawn: Draws) -> Together:
    """Their meeting in the same slot; p is the share of arrangements with at least as many meetings."""
    same = overlap[:, :, overlap.shape[2] // 2]
    count = float(np.trace(same))
    null = same[np.arange(len(same)), drawn].sum(axis=1)
    expected = float(null.mean())
    p = (1 + int((null >= count).sum())) / (1 + len(null))
    return Together(count=int(count), expected=expected, lift=count / expected if expected else np.inf, p=p)


def lead(overlap: Overlaps, drawn: Draws) -> Lead:
    """Followed more often than led, beyond what the arrangements do by chance."""
    reach = overlap.shape[2] // 2
    days = np.arange(len(overlap))
    true = overlap[days, days].sum(axis=0)
    follows = overlap[:, :, reach + 1 :].sum(axis=2) - overlap[:, :, :reach].sum(axis=2)
    asymmetry = float(np.trace(follows))
    chance = follows[days, drawn].sum(axis=1)
    p = (1 + int((np.abs(chance) >= abs(asymmetry)).sum())) / (1 + len(chance))
    way = true[reach + 1 :] if asymmetry >= 0 else true[:reach][::-1]
    slots = 1 + int(np.argmax(way))
    return Lead(after=int(true[reach + 1 :].sum()), before=int(true[:reach].sum()), slots=slots, p=p)
