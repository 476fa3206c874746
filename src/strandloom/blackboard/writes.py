"""The closed set of named writes and looks: how modules change and read the tables beside the board.

A room registers each of its operations once, here in memory and there as an SQL function of one jsonb
argument: the write `budget.claim` is `ad_write_budget_claim(jsonb) returns boolean`, the look `budget.open`
is `ad_look_budget_open(jsonb) returns setof jsonb`.  False from a write means that its condition no longer
holds: the whole group is rolled back and the handler runs again.  A write must be idempotent.  Values and
rows are what JSON can carry (numbers of money as text), so that every board answers the same.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from strandloom.blackboard.tables import Row, Tables

WriteInMemory = Callable[[Tables, Mapping[str, Any]], bool]
LookInMemory = Callable[[Tables, Mapping[str, Any]], Sequence[Row]]
_NAME = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class NamedWrite:
    """One idempotent change and where it is done."""

    name: str
    in_memory: WriteInMemory

    @property
    def sql_function(self) -> str:
        return "ad_write_" + self.name.replace(".", "_")


@dataclass(frozen=True, slots=True)
class NamedLook:
    """One bounded read and where it is done."""

    name: str
    in_memory: LookInMemory

    @property
    def sql_function(self) -> str:
        return "ad_look_" + self.name.replace(".", "_")


_writes: dict[str, NamedWrite] = {}
_looks: dict[str, NamedLook] = {}


def write(name: str) -> Callable[[WriteInMemory], WriteInMemory]:
    """Register the in-memory half of a write: `@write("budget.claim")`."""

    def register(in_memory: WriteInMemory) -> WriteInMemory:
        _writes[_fresh(name, _writes)] = NamedWrite(name, in_memory)
        return in_memory

    return register


def look(name: str) -> Callable[[LookInMemory], LookInMemory]:
    """Register the in-memory half of a look: `@look("budget.open")`."""

    def register(in_memory: LookInMemory) -> LookInMemory:
        _looks[_fresh(name, _looks)] = NamedLook(name, in_memory)
        return in_memory

    return register


def write_named(name: str) -> NamedWrite | None:
    """The write of that name, or None."""
    return _writes.get(name)


def look_named(name: str) -> NamedLook | None:
    """The look of that name, or None."""
    return _looks.get(name)


def all_writes() -> tuple[NamedWrite, ...]:
    """Every registered write, by name."""
    return tuple(_writes[name] for name in sorted(_writes))


def all_looks() -> tuple[NamedLook, ...]:
    """Every registered look, by name."""
    return tuple(_looks[name] for name in sorted(_looks))


def _fresh(name: str, taken: Mapping[str, object]) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name of a write or look; write room.operation")
    if name in taken:
        raise ValueError(f"{name!r} is registered twice")
    return name
