"""Faults that a drill asks for: what clients must survive, on request and by the number of times."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal, get_args

Kind = Literal[
    "delay",  # answer after `seconds`
    "status",  # answer with this HTTP `status` instead of doing anything
    "refuse",  # close the connection instead of doing anything
    "drop_reply",  # do it, then close the connection without an answer
    "duplicate",  # WebSocket: send a message twice
    "reorder",  # WebSocket: send a message after the next one
    "drop_message",  # WebSocket: do not send a message
]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
Place = Literal["/info", "/exchange", "/ws"]
PLACES: Final[tuple[Place, ...]] = get_args(Place)


@dataclass(slots=True, kw_only=True)
class Fault:
    """One fault; `times` counts down, None is until it is cleared."""

    kind: Kind
    where: Place | None = None  # None: everywhere
    times: int | None = 1
    seconds: float = 0.0
    status: int = 429


class Faults:
    """The faults in force, and how wrong the clock is that judges nonces."""

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        self._faults = list(faults)
        self.skew_ms = 0

    def __iter__(self) -> Iterator[Fault]:
        return iter(self._faults)

    def add(self, fault: Fault) -> None:
        self._faults.append(fault)

    def clear(self) -> None:
        """Everything works again."""
        self._faults.clear()
        self.skew_ms = 0

    def take(self, kind: Kind, where: Place) -> Fault | None:
        """The fault that strikes here and now, used up by one."""
        for fault in self._faults:
            if fault.kind == kind and fault.where in (None, where):
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times <= 0:
                        self._faults.remove(fault)
                return fault
        return None
