"""What the runner itself has to say about a module: posted in the module's name, read by people and CIL."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from strandloom.kinds.registry import Body, kind

ANY_MODULE = "any module, through the runner"


@kind("handler_refused", posted_by=ANY_MODULE, read_by="people, cil", tags=("system:refused",))
@dataclass(frozen=True, slots=True, kw_only=True)
class HandlerRefused(Body):
    """A module considered the delivered strand and said no."""

    rule: str
    reason: str
    numbers: Mapping[str, Any] = field(default_factory=dict)


@kind("dead_letter", posted_by=ANY_MODULE, read_by="people", tags=("system:dead_letter",))
@dataclass(frozen=True, slots=True, kw_only=True)
class Dead(Body):
    """A module failed on the delivered strand until its attempts were used up."""

    attempts: int
    error: str  # the last line of the traceback, which itself stays with the dead letter


@kind("flood", posted_by=ANY_MODULE, read_by="people", tags=("system:flood",))
@dataclass(frozen=True, slots=True, kw_only=True)
class Flood(Body):
    """A module answered one strand with more drafts than it may; those past its limit were left out."""

    drafts: int
    limit: int


@kind("halt_wanted", posted_by=ANY_MODULE, read_by="the risk gate, people", tags=("system:halt_wanted",))
@dataclass(frozen=True, slots=True, kw_only=True)
class HaltWanted(Body):
    """A module can no longer trust our own state: trading must stop until a person has looked."""

    reason: str
