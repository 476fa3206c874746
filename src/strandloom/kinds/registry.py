"""Kinds of strands: each name has one typed body, a schema version and a way up from older versions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from pydantic import TypeAdapter
from pydantic_core import from_json

from strandloom.basics.quick import quick

Content = dict[str, Any]


class Body:
    """What every strand body derives from: a frozen, slotted, keyword-only dataclass."""

    __slots__ = ()


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What is known of one kind: its body, its version, who posts it and who reads it."""

    name: str
    body: type[Body]
    version: int
    posted_by: str
    read_by: str
    starts_lifecycle: bool = False
    plan: bool = False  # what has a plan among its parents belongs to that plan's lifecycle
    tags: tuple[str, ...] = ()  # the tags it goes out with, for the catalogue; <name> stands for a part
    upgrades: Mapping[int, Callable[[Content], Content]] = field(default_factory=dict)

    @cached_property
    def _adapter(self) -> TypeAdapter[Any]:
        return TypeAdapter(self.body)

    def dump(self, body: Body) -> Content:
        """The body as JSON-able content."""
        content: Content = self._adapter.dump_python(body, mode="json", warnings=False)
        return content

    def load(self, content: Content | str, version: int) -> Body:
        """The body of a stored row, typed or still JSON, brought up from an older version where need be."""
        if isinstance(content, str) and version == self.version:
            read: Body = self._adapter.validate_json(content)  # a third of the work of two steps
            return read
        typed: Content = from_json(content) if isinstance(content, str) else content
        while version < self.version:
            typed = self.upgrades[version](typed)
            version += 1
        body: Body = self._adapter.validate_python(typed)
        return body


_by_name: dict[str, Kind] = {}
_by_body: dict[type[Body], Kind] = {}
B = TypeVar("B", bound=type[Body])


def kind(
    name: str,
    *,
    version: int = 1,
    posted_by: str,
    read_by: str,
    starts_lifecycle: bool = False,
    plan: bool = False,
    tags: tuple[str, ...] = (),
    upgrades: Mapping[int, Callable[[Content], Content]] | None = None,
) -> Callable[[B], B]:
    """Register a body class as the content of a kind."""

    def register(body: B) -> B:
        if name in _by_name:
            raise ValueError(f"the kind {name!r} is registered twice")
        entry = Kind(
            name=name,
            body=body,
            version=version,
            posted_by=posted_by,
            read_by=read_by,
            starts_lifecycle=starts_lifecycle,
            plan=plan,
            tags=tags,
            upgrades=upgrades or {},
        )
        _by_name[name] = _by_body[body] = entry
        quick(body)
        return body

    return register


def by_name(name: str) -> Kind | None:
    """The kind of that name, or None."""
    return _by_name.get(name)


def is_plan(name: str) -> bool:
    """Does what follows from this kind belong to its lifecycle?"""
    kind = _by_name.get(name)
    return kind is not None and kind.plan


def of(body: Body) -> Kind:
    """The kind whose body this is."""
    return _by_body[type(body)]


def of_type(body: type) -> Kind | None:
    """The kind with bodies of that type, or None."""
    return _by_body.get(body)


def known(body: type[Body]) -> Kind:
    """The kind with bodies of that registered class."""
    return _by_body[body]


def all_kinds() -> tuple[Kind, ...]:
    """Every registered kind, by name."""
    return tuple(_by_name[name] for name in sorted(_by_name))
