"""Strands as rows of `AD_strands`: the only place that knows the names of its columns."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from strandloom.basics.ids import of_int
from strandloom.blackboard import content
from strandloom.blackboard.board import Unacceptable
from strandloom.blackboard.strand import UNSCORED, Scores, Strand, seal, unsealed
from strandloom.kinds.registry import by_name

SCORES = Scores.__slots__
_NOTHING_KNOWN = [None] * len(SCORES)


def dump(strand: Strand) -> dict[str, Any]:
    """A JSON-able row without `seq`, which the database gives; refuses what it could not keep."""
    kind = by_name(strand.kind)
    if kind is None:
        raise Unacceptable("kind", f"{strand.kind!r} is not a registered kind")
    return {
        "id": str(strand.id),
        "lifecycle_id": str(strand.lifecycle),
        "parent_ids": [str(parent) for parent in strand.parents],
        "hop": strand.hop,
        "module": strand.module,
        "kind": strand.kind,
        "schema_version": kind.version,
        "symbol": strand.symbol,
        "timeframe": strand.timeframe,
        "session_bucket": strand.session_bucket,
        "regime": strand.regime,
        "content": content.dump(kind, strand.body),
        "tags": list(strand.tags),
        **{name: getattr(strand.scores, name) for name in SCORES},
        "braid_level": strand.braid_level,
        "event_at": strand.at.isoformat(),
        "created_at": strand.created_at.isoformat(),
    }


def load(row: Mapping[str, Any]) -> Strand:
    """The strand of a row, whether a driver typed its values already or JSON carried them as text."""
    scores = [row[name] for name in SCORES]
    name = _uuid(row["id"])
    parents = row["parent_ids"]
    strand = unsealed()
    strand.id = name
    strand.seq = row["seq"]
    strand.lifecycle = name if row["lifecycle_id"] == row["id"] else _uuid(row["lifecycle_id"])
    strand.parents = tuple(map(_uuid, parents)) if parents else ()
    strand.hop = row["hop"]
    strand.module = row["module"]
    strand.kind = row["kind"]
    strand.body = content.load(strand.kind, row["content"], row["schema_version"])
    strand.tags = tuple(row["tags"])
    strand.symbol = row["symbol"]
    strand.timeframe = row["timeframe"]
    strand.session_bucket = row["session_bucket"]
    strand.regime = row["regime"]
    strand.scores = UNSCORED if scores == _NOTHING_KNOWN else Scores(**dict(zip(SCORES, scores, strict=True)))
    strand.braid_level = row["braid_level"]
    strand.at = _time(row["event_at"])
    strand.created_at = _time(row["created_at"])
    return seal(strand)


def _uuid(value: UUID | str) -> UUID:
    """A plain UUID, also from the driver's own class of them."""
    return UUID(value) if isinstance(value, str) else of_int(value.int)


def _time(value: datetime | str) -> datetime:
    return datetime.fromisoformat(value) if isinstance(value, str) else value
