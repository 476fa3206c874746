"""How a strand is shown to people: one line with time, kind, scores, what it says, and its id."""

import json
import re
from typing import Any

from strandloom.blackboard.rows import SCORES
from strandloom.blackboard.strand import Strand
from strandloom.kinds import registry

_SIGNS = {"phi": "φ", "rho": "ρ", "theta": "θ", "confidence": "conf"}
_BODY = 120  # characters of a body in one line
_UNSET: tuple[Any, ...] = (None, [], {}, "", "0", False)
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|0x[0-9a-f]{32}")


def short(strand: Strand) -> dict[str, Any]:
    """The columns of one line."""
    return {
        "at": strand.at.strftime("%Y-%m-%d %H:%M:%S"),
        "kind": strand.kind,
        "module": strand.module,
        "about": " ".join(filter(None, (strand.symbol, strand.timeframe))),
        "scores": scores(strand),
        "says": said(strand),
        "id": str(strand.id),
    }


def scores(strand: Strand) -> str:
    """Those that were known, with their usual signs: `conf=0.63 φ=0.20`."""
    known = ((name, getattr(strand.scores, name)) for name in SCORES)
    return " ".join(f"{_SIGNS.get(name, name)}={value:.2f}" for name, value in known if value is not None)


def said(strand: Strand) -> str:
    """The beginning of what it says: without ids, which the tree shows, and without what is not set."""
    told = ", ".join(
        f"{name}={_plain(value)}"
        for name, value in _content(strand).items()
        if value not in _UNSET and not (_is_id(value) or (name, value) == ("symbol", strand.symbol))
    )
    return told if len(told) <= _BODY else told[: _BODY - 1] + "…"


def full(strand: Strand) -> dict[str, Any]:
    """Everything, for programs."""
    return {
        "id": strand.id,
        "seq": strand.seq,
        "lifecycle": strand.lifecycle,
        "parents": list(map(str, strand.parents)),
        "hop": strand.hop,
        "module": strand.module,
        "kind": strand.kind,
        "content": _content(strand),
        "tags": list(strand.tags),
        "symbol": strand.symbol,
        "timeframe": strand.timeframe,
        "session_bucket": strand.session_bucket,
        "regime": strand.regime,
        "scores": {name: getattr(strand.scores, name) for name in SCORES},
        "braid_level": strand.braid_level,
        "event_at": strand.at,
        "created_at": strand.created_at,
    }


def _content(strand: Strand) -> dict[str, Any]:
    kind = registry.by_name(strand.kind)
    return kind.dump(strand.body) if kind else {}


def _is_id(value: Any) -> bool:
    """Of a strand or an order, or a list of such."""
    if isinstance(value, list):
        return all(map(_is_id, value))
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
