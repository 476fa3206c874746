"""The values on the board: a draft is what a module says, a strand is what the board accepted."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from strandloom.basics.quick import maker, quick
from strandloom.kinds.registry import Body


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """What was known of a strand when it was posted; None where nothing was known."""

    confidence: float | None = None
    novelty: float | None = None
    surprise: float | None = None
    persistence: float | None = None
    phi: float | None = None
    rho: float | None = None
    theta: float | None = None
    resonance: float | None = None


UNSCORED = Scores()


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a module wants to say.  The board adds id, lifecycle, hop, module and times."""

    body: Body
    tags: tuple[str, ...]
    parents: tuple[UUID, ...] = ()  # causes beside the delivered strand, which is always the first
    symbol: str | None = None
    timeframe: str | None = None
    session_bucket: str | None = None
    regime: str | None = None
    scores: Scores = UNSCORED
    braid_level: int = 0
    event_at: datetime | None = None  # None: the market time of the delivered strand


@dataclass(frozen=True, slots=True, kw_only=True)
class Strand:
    """A draft that the board accepted.  Never edited: to change your mind, post another."""

    id: UUID
    seq: int
    lifecycle: UUID  # the decision chain it belongs to
    parents: tuple[UUID, ...]  # the strands that caused this one
    hop: int
    module: str
    kind: str
    body: Body
    tags: tuple[str, ...]
    symbol: str | None
    timeframe: str | None
    session_bucket: str | None
    regime: str | None
    scores: Scores
    braid_level: int
    at: datetime  # market time
    created_at: datetime  # wall time


class _Unsealed:
    """A strand that is being filled: the same slots as Strand, not frozen yet."""

    __slots__ = tuple(field.name for field in fields(Strand))


def unsealed() -> Any:
    """An empty strand to be filled, every slot, and sealed then.

    Filling a frozen dataclass takes six times as long, and there are millions of them.
    """
    return _Unsealed()


def seal(filled: Any) -> Strand:
    """The strand that was filled; it can be changed no more."""
    filled.__class__ = Strand
    made: Strand = filled
    return made


def sealed(
    id: UUID,
    seq: int,
    lifecycle: UUID,
    parents: tuple[UUID, ...],
    hop: int,
    module: str,
    kind: str,
    draft: Draft,
    at: datetime,
    created_at: datetime,
) -> Strand:
    """The strand of a draft."""
    strand: Any = _Unsealed()
    strand.id = id
    strand.seq = seq
    strand.lifecycle = lifecycle
    strand.parents = parents
    strand.hop = hop
    strand.module = module
    strand.kind = kind
    strand.body = draft.body
    strand.tags = draft.tags
    strand.symbol = draft.symbol
    strand.timeframe = draft.timeframe
    strand.session_bucket = draft.session_bucket
    strand.regime = draft.regime
    strand.scores = draft.scores
    strand.braid_level = draft.braid_level
    strand.at = at
    strand.created_at = created_at
    strand.__class__ = Strand
    return strand  # type: ignore[no-any-return]  # its class has just been changed


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """A named, idempotent change of a table beside the board, applied with the drafts or not at all."""

    name: str
    values: Mapping[str, Any]


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """All that a handler answers: drafts to post and writes to apply, settled in one transaction."""

    drafts: tuple[Draft, ...] = ()
    writes: tuple[Write, ...] = field(default=())


NOTHING = Said()
new_draft, new_write, new_said = maker(Draft), maker(Write), maker(Said)  # dozens for every trade
