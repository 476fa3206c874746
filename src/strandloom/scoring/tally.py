"""What the outcomes of a key add up to: sums that can run along with time or be made from all rows at once.

Every score of a key follows from these numbers alone (`key_scores.py`).  Weights are relative to a fixed
epoch; only their ratio to now matters.  A window is twenty blocks; skill is kept relative to the key's first
block, so that squares of nearly equal numbers cancel without loss.
"""

from dataclasses import dataclass

import numpy as np

from strandloom.scoring.evidence import HALF_LIFE_S, Blocks, Floats, Ints, Outcomes, blocks
from strandloom.scoring.resonance import ALPHA, WINDOW_BLOCKS

EPOCH_S = 1_577_836_800  # 2020
FIELDS = (
    "rows",
    "n_blocks",
    "wins",
    "losses",
    "r_bps",  # weighted, net
    "fresh",
    "ww",  # over blocks: Σw², Σy², Σw·y of each block's weight and weighted result
    "yy",
    "wy",
    "loss_p",  # squared errors of the forecast and of the reference rate
    "loss_base",
    "shift",  # skill of the first block
    "ew",  # closed windows, each counting 0.7 of the next: Σw, Σw², Σw·d, Σw²·d, Σw²·d²
    "eww",
    "ed",
    "ewd",
    "edd",
    "last1",  # newest closed window: Σd, Σd²
    "last2",
    "old1",  # closed windows before it
    "old2",
    "held",  # how often a closed window's sign was that of the one before
    "sign",
    "k1",  # finished blocks of the window that is being filled: Σd, Σd², Σ block mean
    "k2",
    "kr",
    "block",  # the newest block: number, newest weight, weight, weighted result, rows, skill, result
    "newest",
    "w",
    "y",
    "b_rows",
    "b_gain",
    "b_r",
)
Tally = dict[str, Floats]  # field → one value per key


def epoch_weights(opened_s: Ints) -> Floats:
    """How much each outcome counts, relative to one of the epoch."""
    return np.asarray(np.exp2((opened_s - EPOCH_S) / HALF_LIFE_S), dtype=np.float64)


def scale(now_s: float) -> float:
    """What makes weights since the epoch weights as of now."""
    return float(2.0 ** (-(now_s - EPOCH_S) / HALF_LIFE_S))


@dataclass(frozen=True, slots=True, kw_only=True)
class Summed:
    """A tally made from rows, and the finished blocks' mean results that correlations are taken of."""

    tally: Tally
    part: Blocks
    block_mean: Floats


def of_rows(rows: Outcomes) -> Summed:
    """The tally of rows that are in order."""
    part = blocks(rows)
    w = epoch_weights(rows.opened_s)
    loss_p, loss_base = (rows.p - rows.won) ** 2, (rows.base - rows.won) ** 2
    made = _plain(rows, part, w, loss_p, loss_base)
    mean = part.sum(rows.r_bps) / np.maximum(part.rows, 1)
    made |= _windows(part, part.sum(loss_base - loss_p), mean)
    made |= _newest(rows, part, w, loss_base - loss_p)
    return Summed(tally=made, part=part, block_mean=mean)


def _plain(rows: Outcomes, part: Blocks, w: Floats, loss_p: Floats, loss_base: Floats) -> Tally:
    won = rows.won
    w_b, y_b = part.sum(w), part.sum(w * rows.r_bps)
    most = np.zeros(part.key.size)
    np.maximum.at(most, part.row_of, w)
    return {
        "rows": part.per_key(part.rows.astype(np.float64)),
        "n_blocks": part.n_blocks.astype(np.float64),
        "wins": part.per_key(part.sum(w * won)),
        "losses": part.per_key(part.sum(w * ~won)),
        "r_bps": part.per_key(y_b),
        "fresh": part.per_key(most),
        "ww": part.per_key(w_b**2),
        "yy": part.per_key(y_b**2),
        "wy": part.per_key(w_b * y_b),
        "loss_p": part.per_key(part.sum(loss_p)),
        "loss_base": part.per_key(part.sum(loss_base)),
    }


def _windows(part: Blocks, gain: Floats, mean: Floats) -> Tally:
    """All windows that a later block has closed, and the finished blocks of the one being filled."""
    n, key = part.n_blocks, part.key
    has = n > 1
    first = np.zeros(n.size)
    d = gain / np.maximum(part.rows, 1)
    first[has] = d[part.start[:-1][has]]
    d = d - first[key]
    place = np.arange(key.size) - part.start[key]
    closed = np.maximum(n - 1, 0) // WINDOW_BLOCKS
    window = place // WINDOW_BLOCKS
    back = (closed[key] - 1 - window).astype(np.float64)  # 0 in the newest closed window
    whole = back >= 0
    w = np.where(whole, (1.0 - ALPHA) ** np.maximum(back, 0.0), 0.0)
    filling = (window == closed[key]) & (place < n[key] - 1)
    last, old = whole & (back == 0), whole & (back > 0)
    sums = {
        "shift": first,
        "ew": part.per_key(w),
        "eww": part.per_key(w**2),
        "ed": part.per_key(w * d),
        "ewd": part.per_key(w**2 * d),
        "edd": part.per_key(w**2 * d**2),
        "last1": part.per_key(np.where(last, d, 0.0)),
        "last2": part.per_key(np.where(last, d**2, 0.0)),
        "old1": part.per_key(np.where(old, d, 0.0)),
        "old2": part.per_key(np.where(old, d**2, 0.0)),
        "k1": part.per_key(np.where(filling, d, 0.0)),
        "k2": part.per_key(np.where(filling, d**2, 0.0)),
        "kr": part.per_key(np.where(filling, mean, 0.0)),
    }
    return sums | _signs(part, closed, window, np.where(whole, mean, 0.0))


def _signs(part: Blocks, closed: Ints, window: Ints, mean: Floats) -> Tally:
    """How often the sign of a closed window held, and the newest one's."""
    start = np.concatenate([[0], np.cumsum(closed)])
    inside = window < closed[part.key]
    place = (start[part.key] + window)[inside]
    sums = np.bincount(place, weights=mean[inside], minlength=int(start[-1]))
    owner = np.repeat(np.arange(closed.size), closed)
    sign = np.sign(sums)
    same = (owner[1:] == owner[:-1]) & (sign[1:] == sign[:-1])
    newest = np.zeros(closed.size)
    newest[closed > 0] = sign[start[1:][closed > 0] - 1]
    return {
        "held": np.bincount(owner[1:][same], minlength=closed.size).astype(np.float64),
        "sign": newest,
    }


def _newest(rows: Outcomes, part: Blocks, w: Floats, gain: Floats) -> Tally:
    """The block that is still being filled."""
    has = part.n_blocks > 0
    at = part.start[1:][has] - 1
    last_row = np.cumsum(part.rows)[at] - 1

    def of(values: Floats, empty: float = 0.0) -> Floats:
        out = np.full(has.size, empty)
        out[has] = values
        return out

    return {
        "block": of(part.block[at].astype(np.float64), -1.0),
        "newest": of(w[last_row]),
        "w": of(part.sum(w)[at]),
        "y": of(part.sum(w * rows.r_bps)[at]),
        "b_rows": of(part.rows[at].astype(np.float64)),
        "b_gain": of(part.sum(gain)[at]),
        "b_r": of(part.sum(rows.r_bps)[at]),
    }
