"""The scores as last worked out, as every module reads them: those of the minute before, all cycle long."""

from collections import deque
from collections.abc import Iterable

from strandloom.blackboard.strand import UNSCORED, Scores
from strandloom.learning.keys import PatternKey
from strandloom.learning.scored import Scored

_Mark = tuple[float | None, float | None, float | None, float | None]
_UNKNOWN: _Mark = (None, None, None, None)


class Standings:
    """φ, ρ, R and persistence of leaf keys, and θ; what a minute works out is read from the next minute on.

    So the order in which the modules of one minute run cannot matter.
    """

    def __init__(self) -> None:
        self.theta: float | None = None
        self._leaves: dict[PatternKey, _Mark] = {}
        self._coming: deque[tuple[int, tuple[Scored, ...], float | None]] = deque()
        self._theta_as_of = ""

    def tell(self, minute_s: int, leaves: Iterable[Scored], theta: float | None = None) -> None:
        """What was worked out at this minute; without a θ the old one stays."""
        self._coming.append((minute_s, tuple(leaves), theta))

    def know(self, row: Scored, as_of: str) -> None:
        """What a process before us told; the newest row has the newest θ."""
        self._put(row)
        if row.theta is not None and as_of >= self._theta_as_of:
            self.theta, self._theta_as_of = row.theta, as_of

    def of(self, leaf: PatternKey, minute_s: int, confidence: float | None = None) -> Scores:
        """What a strand about this leaf may say at this minute."""
        while self._coming and self._coming[0][0] < minute_s:
            _, rows, theta = self._coming.popleft()
            self.theta = self.theta if theta is None else theta
            for row in rows:
                self._put(row)
        phi, rho, resonance, persistence = known = self._leaves.get(leaf, _UNKNOWN)
        if known is _UNKNOWN and self.theta is None and confidence is None:
            return UNSCORED
        return Scores(
            confidence=confidence,
            phi=phi,
            rho=rho,
            theta=self.theta,
            resonance=resonance,
            persistence=persistence,
        )

    def _put(self, row: Scored) -> None:
        self._leaves[row.key] = (row.phi, row.rho, row.resonance, row.persistence)
