"""sr: how often a key wins, shrunk towards its parent, with a lower bound beside it."""

from dataclasses import dataclass

import numpy as np
from scipy.special import betaincinv

from strandloom.scoring.evidence import Blocks, Bools, Floats, Ints

KAPPA = 8.0
ROOT_WINS = 4.0
ROOT_LOSSES = 4.0
P_LOW, P_HIGH = 0.02, 0.98
NO_PARENT = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Success:
    """The success rate per key and the value that it exceeds with 90 % probability."""

    sr: Floats
    lower: Floats


def counts(part: Blocks, won: Bools, w: Floats) -> tuple[Floats, Floats]:
    """Wins and losses per key in block units: weighted sums times n_blocks / n_rows."""
    rows = part.per_key(part.rows.astype(np.float64))
    with np.errstate(invalid="ignore", divide="ignore"):
        scale = np.where(rows > 0, part.n_blocks / rows, 0.0)
    wins = part.per_key(part.sum(w * won))
    losses = part.per_key(part.sum(w * ~won))
    return wins * scale, losses * scale


def success(
    wins: Floats,
    losses: Floats,
    raw_wins: Floats,
    raw_losses: Floats,
    parent: Ints,
    rows: Floats | None = None,
) -> Success:
    """sr of every key.

    `raw_*` are plain weighted sums per key, in which a parent holds all of its children's rows;
    `parent[k]` is the number of k's parent or -1.  The parent's rate leaves out the child's own rows;
    where nothing remains the next ancestor is asked, and the root prior answers last.
    """
    rate = prior_rate(raw_wins, raw_losses, parent, rows)
    a = KAPPA * rate + wins
    b = KAPPA * (1.0 - rate) + losses
    root = parent == NO_PARENT
    a[root] = ROOT_WINS + wins[root]
    b[root] = ROOT_LOSSES + losses[root]
    return Success(sr=a / (a + b), lower=np.asarray(betaincinv(a, b, 0.10), dtype=np.float64))


def prior_rate(raw_wins: Floats, raw_losses: Floats, parent: Ints, rows: Floats | None = None) -> Floats:
    """The rate each key is shrunk to: that of the nearest ancestor with outcomes beside the key's own.

    With the plain number of rows per key it need not judge by weights whether there are any.
    """
    rate = np.full(parent.size, ROOT_WINS / (ROOT_WINS + ROOT_LOSSES))
    todo = parent != NO_PARENT
    above = parent.copy()
    while todo.any():
        child = np.flatnonzero(todo)
        wins = raw_wins[above[child]] - raw_wins[child]
        losses = raw_losses[above[child]] - raw_losses[child]
        enough = wins + losses > (1e-9 if rows is None else 0.0)
        if rows is not None:
            enough &= rows[above[child]] > rows[child]
        rate[child[enough]] = (np.maximum(wins, 0.0) / np.maximum(wins + losses, 1e-9))[enough]
        todo[child[enough]] = False
        above[child] = parent[above[child]]
        todo &= above != NO_PARENT
    return np.asarray(np.clip(rate, P_LOW, P_HIGH), dtype=np.float64)
