"""The door of the board: a draft and its cause become a strand, or are refused by the name of a field."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from math import isfinite
from operator import attrgetter
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
_every_score = attrgetter(*Scores.__slots__)
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
    trigger, module, key = cause.trigger, cause.module, cause.key
    for draft in drafts:
        kind = registry.of_type(type(draft.body))
        if kind is None:
            raise Unacceptable("kind", f"no kind is registered for a body of {type(draft.body).__name__}")
        name = kind.name
        n = counts.get(name, 0)
        counts[name] = n + 1
        _check(draft)
        at = draft.event_at or cause.at
        if at.tzinfo is not UTC and at.utcoffset() is None:
            raise Unacceptable("event_at", f"{at.isoformat()} has no time zone; use aware UTC times")
        own = ids.root_id(wall) if key is None else ids.strand_id(at, key, module, name, n)
        parents, first, chain = _origin(draft.parents, trigger, known)
        hop = first.hop + 1 if first else 0
        if hop > hop_limit:
            raise Unacceptable("hop", f"{hop} is past the limit of {hop_limit}: {module} is part of a loop")
        lifecycle = own if chain is None or kind.starts_lifecycle else chain.lifecycle
        accepted.append(sealed(own, seq, lifecycle, parents, hop, module, name, draft, at, wall))
        seq += 1
    return accepted


def _check(draft: Draft) -> None:
    """What can be wrong with a draft by itself."""
    if draft.tags not in _good_tags:
        _check_tags(draft.tags)
    if draft.scores is not UNSCORED:
        _check_scores(draft.scores)
    if draft.braid_level < 0:
        raise Unacceptable("braid_level", f"{draft.braid_level} is below 0")
    if draft.symbol == "" or draft.timeframe == "" or draft.session_bucket == "" or draft.regime == "":
        empty = next(name for name in _NAMED if getattr(draft, name) == "")
        raise Unacceptable(empty, "is empty; leave out what is not known")


def _origin(
    given: tuple[UUID, ...], trigger: Strand | None, known: Callable[[UUID], Known | None]
) -> tuple[tuple[UUID, ...], Known | None, Known | None]:
    """The parents in order, each once; the first: what was delivered, if anything was; whose chain it joins.

    That is the first parent that is a plan, else the first parent.
    """
    if trigger is not None and not given:
        return (trigger.id,), trigger, trigger
    first: Known | None = trigger
    chain: Known | None = trigger
    for parent in given:
        cause = known(parent)
        if cause is None:
            raise Unacceptable("parents", f"the strand {parent} does not exist")
        first = first or cause
        if chain is None or (registry.is_plan(cause.kind) and not registry.is_plan(chain.kind)):
            chain = cause
    parents = given if trigger is None else (trigger.id, *given)
    return tuple({parent.int: parent for parent in parents}.values()), first, chain


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
    for name, value in zip(Scores.__slots__, _every_score(scores), strict=True):
        if value is not None and not isfinite(value):
            raise Unacceptable(f"scores.{name}", f"{value} is no number; leave out what is not known")
