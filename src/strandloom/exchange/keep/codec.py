"""Commands as bytes and back."""

from collections.abc import Callable
from typing import Any

import msgpack

from strandloom.basics.errors import Halt
from strandloom.exchange.commands import Ask, Change, Command, MarketBars, Modify, PathBar, Place, Trigger
from strandloom.exchange.engine import HANDLERS

_BY_NAME: dict[str, Any] = {kind.__name__: kind for kind in HANDLERS}
_WIDE_INT = 1


def pack(value: object) -> bytes:
    """Plain values as msgpack; ints of any width."""
    packed: bytes = msgpack.packb(value, default=_wide)
    return packed


def unpack(data: bytes) -> Any:
    """What `pack` packed, tuples as lists."""
    return msgpack.unpackb(data, ext_hook=_from_ext, strict_map_key=False)


def encode(command: Command) -> bytes:
    """A command by its name and fields."""
    return pack((type(command).__name__, command))


def decode(data: bytes) -> Command:
    """The command that was encoded."""
    name, fields = unpack(data)
    kind = _BY_NAME.get(name)
    if kind is None:
        raise Halt(f"the exchange's journal holds a command {name!r} that this version does not know")
    mend = _NESTED.get(kind)
    made: Command = kind(*(mend(fields) if mend else _tuples(fields)))
    return made


def _tuples(fields: list[Any]) -> list[Any]:
    return [
        tuple(tuple(x) if isinstance(x, list) else x for x in f) if isinstance(f, list) else f for f in fields
    ]


def _ask(fields: list[Any]) -> Ask:
    ask = Ask(*fields)
    return ask if ask.trigger is None else ask._replace(trigger=Trigger(*ask.trigger))


def _place(fields: list[Any]) -> list[Any]:
    at, user, asks, *rest = fields
    return [at, user, tuple(map(_ask, asks)), *rest]


def _modify(fields: list[Any]) -> list[Any]:
    at, user, changes, *rest = fields
    return [at, user, tuple(Change(target, _ask(ask)) for target, ask in changes), *rest]


def _bars(fields: list[Any]) -> list[Any]:
    at, bars = fields
    return [at, tuple(PathBar(*bar) for bar in bars)]


_NESTED: dict[Any, Callable[[list[Any]], list[Any]]] = {Place: _place, Modify: _modify, MarketBars: _bars}


def _wide(value: object) -> msgpack.ExtType:
    if isinstance(value, int):
        return msgpack.ExtType(_WIDE_INT, str(value).encode())
    raise TypeError(f"{type(value).__name__} cannot be kept")


def _from_ext(code: int, data: bytes) -> int:
    return int(data)
