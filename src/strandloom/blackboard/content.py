"""A strand's body as JSON content: checked on the way into a database and typed again on the way out."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from math import isfinite
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from pydantic_core import PydanticSerializationError, to_json

from strandloom.basics.errors import BadInput
from strandloom.blackboard.board import Unacceptable
from strandloom.kinds.registry import Body, Content, Kind, by_name

MAX_BYTES = 64 * 1024
# What is wrong with these shows in the JSON, if anything can be.
_PLAIN = frozenset({str, int, float, bool, type(None), UUID, date, time, timedelta})


def dump(kind: Kind, body: Body) -> Content:
    """The body as content that any database takes and that reads back as the same body."""
    try:
        content = kind.dump(body)
        text = to_json(content, inf_nan_mode="constants")
        odd = b"\\u0000" in text or b"NaN" in text or b"Infinity" in text  # or a text that spells so
        suspect = odd or _suspect(body)
    except (PydanticSerializationError, TypeError, ValueError) as error:
        _refuse_by_field(body)
        raise Unacceptable("body", f"a {kind.name} that JSON cannot carry: {error}") from error
    if suspect:
        _refuse_by_field(body)
    if (size := len(text)) > MAX_BYTES:
        raise Unacceptable("body", f"{size} bytes of JSON; a strand carries at most {MAX_BYTES}")
    _read_back(kind, content)
    return content


def load(kind_name: str, content: Content | str, version: int) -> Body:
    """The typed body of a stored row; a row that its kind refuses is BadInput with the field's name."""
    kind = by_name(kind_name)
    if kind is None:
        raise Unacceptable("kind", f"{kind_name!r} is not a registered kind")
    if version > kind.version:
        raise Unacceptable(
            "schema_version",
            f"{version} of {kind_name} is newer than this program's {kind.version}: update it",
        )
    try:
        return kind.load(content, version)
    except ValidationError as error:
        raise _by_field(kind, error) from error
    except (KeyError, TypeError, ValueError) as error:
        raise Unacceptable(
            "body", f"a {kind_name} of version {version} that cannot be read: {error!r}"
        ) from error


def _read_back(kind: Kind, content: Content) -> None:
    try:
        kind.load(content, kind.version)
    except ValidationError as error:
        raise _by_field(kind, error) from error


def _by_field(kind: Kind, error: ValidationError) -> BadInput:
    first = error.errors()[0]
    field = ".".join(["body", *(str(part) for part in first["loc"])])
    return Unacceptable(field, f"{first['msg']} (kind {kind.name})")


def _suspect(value: Any) -> bool:
    """May it hide what JSON carries without complaint?  Quick, for every strand that is posted."""
    kind = type(value)
    if kind in _PLAIN:
        return False
    if kind is tuple or kind is list:
        return not _PLAIN.issuperset(map(type, value)) and any(map(_suspect, value))
    if kind is dict:
        return any(map(_suspect, value.keys())) or any(map(_suspect, value.values()))
    if kind is Decimal:
        return not value.is_finite()
    if kind is datetime:
        return value.utcoffset() is None
    if is_dataclass(kind):
        values = [getattr(value, name) for name in _names(kind)]
        return not _PLAIN.issuperset(map(type, values)) and any(map(_suspect, values))
    return True


def _refuse_by_field(body: Body) -> None:
    for path, problem in _problems("body", body):
        raise Unacceptable(path, problem)


def _problems(path: str, value: Any) -> Iterator[tuple[str, str]]:
    """Where a value hides something that no database can keep."""
    if value is None or isinstance(value, bool | int):
        return
    if isinstance(value, str):
        yield from _text_problems(path, value)
    elif isinstance(value, float | Decimal):
        if not isfinite(value):
            yield path, f"{value} is no number; leave out what is not known"
    elif isinstance(value, datetime):
        if value.utcoffset() is None:
            yield path, f"{value.isoformat()} has no time zone; use aware UTC times"
    elif is_dataclass(value) and not isinstance(value, type):
        for name in _names(type(value)):
            yield from _problems(f"{path}.{name}", getattr(value, name))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _problems(f"{path}.{key}", item)
    elif isinstance(value, tuple | list | set | frozenset):
        for index, item in enumerate(value):
            yield from _problems(f"{path}.{index}", item)


def _text_problems(path: str, text: str) -> Iterator[tuple[str, str]]:
    if text.isascii() and "\0" not in text:
        return
    if "\0" in text:
        yield path, "contains the character NUL, which no database keeps"
    elif any("\ud800" <= character <= "\udfff" for character in text):
        yield path, "contains half a character (a lone surrogate)"


@lru_cache(maxsize=1024)
def _names(body: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(body))
