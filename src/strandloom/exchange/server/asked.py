"""What a question to /info, or a subscription, asks for: its fields read strictly."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from strandloom.exchange.server.forms import Unreadable

_ADDRESS: Final = re.compile(r"0x[0-9a-fA-F]{40}")
_CLOID: Final = re.compile(r"0x[0-9a-fA-F]{32}")
_U64: Final = 2**64


@dataclass(frozen=True, slots=True)
class Asked:
    """The fields of one question; each reader raises Unreadable for what the venue would not take."""

    fields: Mapping[str, Any]

    def user(self) -> str:
        """A lower-case address."""
        value = self.fields.get("user")
        if not isinstance(value, str) or not _ADDRESS.fullmatch(value):
            raise Unreadable("user must be an address")
        return value.lower()

    def text(self, name: str) -> str:
        """A required text."""
        value = self.fields.get(name)
        if not isinstance(value, str):
            raise Unreadable(f"{name} must be text")
        return value

    def number(self, name: str) -> int:
        """A required whole number, not negative."""
        value = self.number_or_none(name)
        if value is None:
            raise Unreadable(f"{name} is missing")
        return value

    def number_or_none(self, name: str) -> int | None:
        """A whole number that may be left out."""
        value = self.fields.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < _U64:
            raise Unreadable(f"{name} must be a whole number")
        return value

    def flag(self, name: str) -> bool:
        """Yes or no; no when left out."""
        value = self.fields.get(name)
        if not isinstance(value, bool | None):
            raise Unreadable(f"{name} must be true or false")
        return bool(value)

    def order_ref(self) -> int | str:
        """An order id, or a lower-case client order id."""
        value = self.fields.get("oid")
        if isinstance(value, str) and _CLOID.fullmatch(value):
            return value.lower()
        return self.number("oid")

    def own_dex(self) -> bool:
        """Does the question concern the one perp dex there is?"""
        value = self.fields.get("dex")
        if not isinstance(value, str | None):
            raise Unreadable("dex must be text")
        return not value

    def inner(self, name: str) -> "Asked":
        """The fields of a nested object."""
        value = self.fields.get(name)
        if not isinstance(value, dict):
            raise Unreadable(f"{name} must be an object")
        return Asked(value)
