"""θ and what stands alone: nightly, over the freshest leaf keys and how alike their results were."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from strandloom.learning.book import Book
from strandloom.learning.ladder import History
from strandloom.learning.scored import Scored
from strandloom.learning.shelf import is_leaf
from strandloom.scoring import marks
from strandloom.scoring.alike import CELLS, Past, alike
from strandloom.scoring.evidence import Floats
from strandloom.scoring.nulls import Sample
from strandloom.scoring.resonance import MOST_CORRELATED, WINDOW_BLOCKS, theta


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """θ in all and per regime, and the compared keys with novelty and selection."""

    theta: float
    by_regime: dict[str, float]
    leaves: tuple[Scored, ...]


def field(book: Book, rows: Sequence[Scored]) -> Field:
    """Over all keys' scores of this moment."""
    leaves = _freshest(rows)
    if not leaves:
        return Field(theta=0.0, by_regime={}, leaves=())
    pasts = [_past(book, row) for row in leaves]
    corr = alike(pasts)
    fresh, phi, rho = (_column(leaves, name) for name in ("fresh", "phi", "rho"))
    regimes = np.array([row.key.regime for row in leaves])
    by_regime = {}
    for regime in np.unique(regimes).tolist():
        at = np.flatnonzero(regimes == regime)
        by_regime[regime] = theta(fresh[at], phi[at], rho[at], corr[np.ix_(at, at)])
    return Field(
        theta=theta(fresh, phi, rho, corr),
        by_regime=by_regime,
        leaves=tuple(_marked(leaves, pasts, corr)),
    )


def _freshest(rows: Sequence[Scored]) -> list[Scored]:
    known = [row for row in rows if row.n_blocks >= WINDOW_BLOCKS and is_leaf(row.key)]
    return sorted(known, key=lambda row: (-row.fresh, str(row.key)))[:MOST_CORRELATED]


def _past(book: Book, row: Scored) -> Past:
    sums = book.shelf.ladders[book.shelf.number[row.key]].sums
    known = sums.history or History()
    return Past(
        block_s=sums.block_s,
        block=np.array(known.block[-CELLS:], dtype=np.int64),
        mean=np.array(known.mean[-CELLS:], dtype=np.float64),
    )


def _column(rows: Sequence[Scored], name: str) -> Floats:
    return np.array([np.nan if (value := getattr(row, name)) is None else value for row in rows])


def _marked(leaves: Sequence[Scored], pasts: Sequence[Past], corr: Floats) -> list[Scored]:
    """Novelty is a percentile of 1 − the highest cosine; selection takes off what another key says too."""
    apart = corr - 2.0 * np.eye(len(leaves))  # nobody is their own neighbour
    distance = 1.0 - np.maximum(apart.max(axis=1), -1.0)
    ranked = np.sort(distance)
    below = np.searchsorted(ranked, distance, "left") + np.searchsorted(ranked, distance, "right")
    percentile = below / (2.0 * distance.size)
    others = np.abs(corr - np.eye(len(leaves))).max(axis=1)
    return [
        replace(
            row,
            novelty=float(percentile[n]),
            selection=marks.selection(
                Sample.of(pasts[n].mean, np.ones(pasts[n].mean.size)), row.persistence, others[n : n + 1]
            ),
        )
        for n, row in enumerate(leaves)
    ]
