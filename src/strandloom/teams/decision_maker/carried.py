"""The account's standing as its row carries it: typed once, and only what changed is put into text again."""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Any

from pydantic import TypeAdapter

from strandloom.risk.standing import Standing, sums

_READ = TypeAdapter(Standing)
_NAMES = tuple(field.name for field in fields(Standing))
_values = attrgetter(*_NAMES)


class Carried:
    """The newest content beside what it means, for as long as it is the very same: rows are never edited."""

    def __init__(self) -> None:
        self._content: Mapping[str, Any] = {}
        self._standing: Standing | None = None

    def standing_of(self, content: Mapping[str, Any]) -> Standing:
        """What a row's content means."""
        if self._standing is None or content is not self._content:
            standing = _READ.validate_python(content)
            if "closed_usd" not in content:  # written before sums were kept
                standing = replace(standing, closed_usd=sums(standing.results))
            self._content, self._standing = content, standing
        return self._standing

    def content_of(self, standing: Standing) -> Mapping[str, Any]:
        """The content of the row that will say this."""
        before, content = self._standing, dict(self._content)
        if before is None or len(content) != len(_NAMES):  # none yet, or of another release
            content = {name: _text(value) for name, value in zip(_NAMES, _values(standing), strict=True)}
        else:
            for name, value, was in zip(_NAMES, _values(standing), _values(before), strict=True):
                if value is not was:
                    content[name] = _text(value, was, content[name])
        self._content, self._standing = content, standing
        return content


def _text(value: Any, was: Any = None, told: Any = None) -> Any:
    """The value as JSON carries it; of a mapping what is the very same as it was, as it was `told`."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict):
        if not isinstance(was, dict):
            was = told = {}
        return {
            key: told[key] if each is was.get(key) else _text(each, was.get(key), told.get(key))
            for key, each in value.items()
        }
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
