"""Why a strand is posted: a delivered strand, a minute of a feed, a slot of a timetable, or a person."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from strandloom.blackboard.strand import Strand


class Cause(NamedTuple):
    """Who posts, when in market time, and what for.

    With a `key` the ids are deterministic, so that posting twice posts once; a person has none.
    """

    module: str
    at: datetime
    key: UUID | str | None = None
    trigger: Strand | None = None


def delivered(strand: Strand, module: str) -> Cause:
    """The cause of whatever `module` answers to a strand that was delivered to it."""
    return Cause(module, strand.at, strand.id, strand)


def about(strand: Strand, module: str, what: str) -> Cause:
    """The cause of something said about a delivery that is not settled; saying it again says it once."""
    return Cause(module, strand.at, f"{strand.id}:{what}", strand)


def root(module: str, at: datetime, key: str) -> Cause:
    """The cause of a strand that no other strand caused, such as minute M of a feed."""
    return Cause(module=module, at=at, key=key)


def person(module: str, at: datetime) -> Cause:
    """Someone typed it: every time is a new time."""
    return Cause(module=module, at=at)
