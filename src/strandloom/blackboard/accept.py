"""The door of the board: a draft and its cause become a strand, or are refused by the name of a field."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from math import isfinite
from typing import Protocol
from uuid import UUID

from strandloom.basics import ids
from strandloom.blackboard import tags
from strandloom.blackboard.board import Unacceptable
from strandloom.blackboard.cause import Cause
from strandloom.blackboard.strand import UNSCORED, Draft, Scores, Strand, sealed
from strandloom.kinds import registry

HOP_LIMIT = 64  # a longer cascade is a loop
_NAMED = ("symbol", "timeframe", "session_bucket", "regime")
_good_tags: set[tuple[str, ...]] = set()


class Known(Protocol):
    """What must be remembered of a parent, even after it was pruned."""

    @property
    def kind(self) -> str: ...

    @property
    def lifecycle(self) -> UUID: ...

    @property
    def hop(self) -> int: ...


def strands(
    drafts: Sequence[Draft],
    cause: Cause,
    *,
    known: Callable[[UUID], Known | None],
    wall: datetime,
    seq: int = 0,
    hop_limit: int = HOP_LIMIT,
) -> list[Strand]:
    """The strands of all drafts of one cause, numbered per kind; `seq` counts on from the given number."""
    counts: dict[str, int] = {}
    accepted = []
    for offset, draft in enumerate(drafts):
        kind = registry.of_type(type(draft.body))
        if kind is None:
            raise Unacceptable("kind", f"no kind is registered for a body of {type(draft.body).__name__}")
        n = counts.get(kind.name, 0)
        counts[kind.name] = n + 1
        accepted.append(_strand(draft, kind, n, cause, known, wall, seq + offset, hop_limit))
    return accepted


def _strand(
    draft: Draft,
    kind: registry.Kind,
    n: int,
    cause: Cause,
    known: Callable[[UUID], Known | None],
    wall: datetime,
    seq: int,
    hop_limit: int,
) -> Strand:
    _check(draft)
    at = draft.event_at or cause.at
    if at.tzinfo is not UTC and at.utcoffset() is None:
        raise Unacceptable("event_at", f"{at.isoformat()} has no time zone; use aware UTC times")
    own = _id(at, kind.name, n, cause, wall)
    parents, first = _parents(draft, cause, known)
    hop = first.hop + 1 if first else 0
    if hop > hop_limit:
        raise Unacceptable("hop", f"{hop} is past the limit of {hop_limit}: {cause.module} is part of a loop")
    lifecycle = own if first is None or kind.starts_lifecycle else _lifecycle(parents, first, known)
    return sealed(own, seq, lifecycle, parents, hop, cause.module, kind.name, draft, at, wall)


def _check(draft: Draft) -> None:
    """What can be wrong with a draft by itself."""
    if draft.tags not in _good_tags:
        _check_tags(draft.tags)
    if draft.scores is not UNSCORED:
        _check_scores(draft.scores)
    if draft.braid_level < 0:
        raise Unacceptable("braid_level", f"{draft.braid_level} is below 0")
    if "" in (draft.symbol, draft.timeframe, draft.session_bucket, draft.regime):
        empty = next(name for name in _NAMED if getattr(draft, name) == "")
        raise Unacceptable(empty, "is empty; leave out what is not known")


def _id(at: datetime, kind: str, n: int, cause: Cause, wall: datetime) -> UUID:
    if cause.key is None:
        return ids.root_id(wall)
    return ids.strand_id(at, cause.key, cause.module, kind, n)


def _parents(
    draft: Draft, cause: Cause, known: Callable[[UUID], Known | None]
) -> tuple[tuple[UUID, ...], Known | None]:
    """The parents in order, each once, and the first of them: what was delivered, where something was."""
    trigger = cause.trigger
    if not draft.parents:
        return ((), None) if trigger is None else ((trigger.id,), trigger)
    for parent in draft.parents:
        if known(parent) is None:
            raise Unacceptable("parents", f"the strand {parent} does not exist")
    if trigger is None:
        return tuple(dict.fromkeys(draft.parents)), known(draft.parents[0])
    return tuple(dict.fromkeys((trigger.id, *draft.parents))), trigger


def _lifecycle(parents: tuple[UUID, ...], first: Known, known: Callable[[UUID], Known | None]) -> UUID:
    """That of the first parent that is a plan, else of what was delivered."""
    if len(parents) > 1 and not registry.is_plan(first.kind):
        for parent in parents[1:]:
            cause = known(parent)
            if cause is not None and registry.is_plan(cause.kind):
                return cause.lifecycle
    return first.lifecycle


def _check_tags(given: tuple[str, ...]) -> None:
    if len(given) > tags.MAX_TAGS:
        raise Unacceptable("tags", f"{len(given)} tags; at most {tags.MAX_TAGS} are allowed")
    for tag in given:
        if problem := tags.problem(tag):
            raise Unacceptable("tags", problem)
    if len(_good_tags) > 50_000:
        _good_tags.clear()
    _good_tags.add(given)


def _check_scores(scores: Scores) -> None:
    for name in Scores.__slots__:
        value = getattr(scores, name)
        if value is not None and not isfinite(value):
            raise Unacceptable(f"scores.{name}", f"{value} is no number; leave out what is not known")
