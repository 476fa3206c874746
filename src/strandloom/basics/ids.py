"""Identities: deterministic for whatever the network posts, fresh only for what a person starts."""

import os
import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b, sha256
from uuid import UUID, SafeUUID

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)
_VARIANT = 0b10 << 62
_LOW = (1 << 62) - 1
_FREE = ~(0xF << 76) & ~(0b11 << 62)  # all bits but those of version and variant
_SAFETY = SafeUUID.unknown
_blank = object.__new__
_give_int = UUID.int.__set__  # type: ignore[attr-defined,misc]  # a slot
_give_safety = UUID.is_safe.__set__  # type: ignore[attr-defined,misc]  # another one
_IS_UUID = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)


@lru_cache(maxsize=64)
def unix_ms(at: datetime) -> int:
    """Whole milliseconds since 1970; the datetime must be aware."""
    return (at - _EPOCH) // _MS


@lru_cache(maxsize=64)
def from_unix_ms(ms: int) -> datetime:
    """The aware UTC datetime of so many milliseconds since 1970."""
    return _EPOCH + timedelta(milliseconds=ms)


def strand_id(at: datetime, cause: UUID | str, module: str, kind: str, n: int) -> UUID:
    """The id (UUID version 8) of the n-th `kind` that `module` posts because of `cause`.

    The leading 48 bits are market time, so ids sort by time; the rest is a hash, so that a redelivery
    or a replay arrives at the same id.
    """
    because = cause.encode() if isinstance(cause, str) else cause.int.to_bytes(16, "big")
    digest = blake2b(because + _what(module, kind, n), digest_size=10).digest()
    return of_int(_head(at, 8) | _tail(digest))


@lru_cache(maxsize=64)
def _head(at: datetime, version: int) -> int:
    """The bits of an id that say when it was, and what kind of id it is."""
    return (unix_ms(at) & ((1 << 48) - 1)) << 80 | version << 76 | _VARIANT


def _tail(noise: bytes) -> int:
    """Ten bytes in the places that are left."""
    bits = int.from_bytes(noise, "big")
    return (bits >> 62 & 0xFFF) << 64 | bits & _LOW


@lru_cache(maxsize=4096)
def _what(module: str, kind: str, n: int) -> bytes:
    return f"\0{module}\0{kind}\0{n}".encode()


def root_id(wall: datetime) -> UUID:
    """A fresh id (UUID version 7) for what has no cause: a strand that a person posts."""
    return of_int(_head(wall, 7) | _tail(os.urandom(10)))


def named_id(namespace: str, name: str) -> UUID:
    """A deterministic id (UUID version 8) for any text, the same for ever: venue orders, loose ids.

    SHA-256, because PostgreSQL can do it too (`ad_named_id`).
    """
    bits = int.from_bytes(sha256(f"{namespace}\0{name}".encode()).digest()[:16], "big")
    return of_int(bits & _FREE | 8 << 76 | _VARIANT)


def loose_id(text: str) -> UUID:
    """The id that a person means: a UUID as it is, any other text by its name."""
    return UUID(text) if _IS_UUID.fullmatch(text) else named_id("strand", text)


def of_int(value: int) -> UUID:
    """The UUID of 128 bits that are known to be one, past the constructor's checks: there are millions."""
    made = _blank(UUID)
    _give_int(made, value)
    _give_safety(made, _SAFETY)
    return made
