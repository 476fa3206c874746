"""The account's standing as its row carries it: typed once, and only what changed is put into text again."""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import TypeAdapter

from strandloom.risk.standing import Standing, sums

_READ = TypeAdapter(Standing)
_NAMES = tuple(field.name for field in fields(Standing))


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
        before, told = self._standing, self._content
        if len(told) != len(_NAMES):  # of another release
            before, told = None, {}
        content = {
            name: _text(getattr(standing, name), getattr(before, name, None), told.get(name))
            for name in _NAMES
        }
        self._content, self._standing = content, standing
        return content


def _text(value: Any, before: Any, told: Any) -> Any:
    """The value as JSON carries it; `told` again where it is the very value that stood there before."""
    if value is before:
        return told
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict):
        if not isinstance(before, dict):
            before = told = {}
        return {
            key: told[key] if each is before.get(key) else _text(each, before.get(key), told.get(key))
            for key, each in value.items()
        }
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
