"""What a module sees while it thinks: the time, the market so far, and the board's past, all read-only."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from strandloom.blackboard.strand import Strand


class Reader(Protocol):
    """Bounded reads of the board's past."""

    async def get(self, strand_id: UUID) -> Strand | None: ...

    async def chain(self, lifecycle: UUID, *, limit: int = 200) -> Sequence[Strand]: ...

    async def latest(self, kind: str, *, symbol: str | None = None, limit: int = 1) -> Sequence[Strand]: ...


class Looks(Protocol):
    """Named reads of the tables beside the board: the counterpart of named writes."""

    async def look(self, name: str, **values: Any) -> Sequence[dict[str, Any]]: ...


class Market(Protocol):
    """The window of bars up to the current minute; see `market/window.py`."""


class Desk(Protocol):
    """One desk per delivery."""

    @property
    def now(self) -> datetime: ...

    @property
    def board(self) -> Reader: ...

    @property
    def tables(self) -> Looks: ...

    @property
    def market(self) -> Market: ...
