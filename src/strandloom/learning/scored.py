"""What a key's evidence comes to at a moment: one row of the table of scores."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from strandloom.learning.keys import PatternKey
from strandloom.scoring.evidence import Ints
from strandloom.scoring.key_scores import NAMES, KeyScores


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """None where a score is not known.  The last three are worked out nightly, or with each outcome."""

    key: PatternKey
    n: int
    n_blocks: int
    fresh: float
    sr: float
    sr_low: float
    net_bps: float | None = None
    se_bps: float | None = None
    phi: float | None = None
    rho: float | None = None
    omega: float | None = None
    theta: float | None = None
    resonance: float | None = None
    persistence: float | None = None
    brier_skill: float | None = None
    surprise: float | None = None  # of its newest outcome
    novelty: float | None = None
    selection: float | None = None

    def row(self) -> dict[str, Any]:
        """As the table takes it."""
        return {"key": str(self.key)} | {name: getattr(self, name) for name in COLUMNS}

    @staticmethod
    def of_row(row: Mapping[str, Any]) -> "Scored":
        """A row of the look `key.scores`."""
        return Scored(key=PatternKey.parse(row["key"]), **{name: row[name] for name in COLUMNS})


COLUMNS = tuple(field.name for field in fields(Scored) if field.name != "key")


def told(
    keys: Sequence[PatternKey],
    scores: KeyScores,
    place: Ints,
    theta: float | None,
    surprise: Sequence[float | None],
) -> list[Scored]:
    """One row per key, which stands at its place among the scores."""
    columns = [getattr(scores, name)[place].tolist() for name in NAMES]
    rows = zip(keys, surprise, *columns, strict=True)
    return [_row(key, values, theta, surprised) for key, surprised, *values in rows]


def _row(key: PatternKey, values: Sequence[float], theta: float | None, surprise: float | None) -> Scored:
    n, n_blocks, *scores = values
    known = [None if value != value else value for value in scores]
    rate = dict(zip(NAMES[2:], known, strict=True))
    return Scored(key=key, n=int(n), n_blocks=int(n_blocks), theta=theta, surprise=surprise, **rate)  # type: ignore[arg-type]
