"""What a module sees while it thinks: the time, the market so far, and the board's past, all read-only."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
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
    def now(self) -> datetime:
        """Market time of the delivered strand: the same in a redelivery and in a replay."""
        ...

    @property
    def board(self) -> Reader: ...

    @property
    def tables(self) -> Looks: ...

    @property
    def market(self) -> Market: ...


class BoardAndTables(Reader, Looks, Protocol):
    """Every board is both."""


@dataclass(frozen=True, slots=True)
class Laid:
    """A desk as the runner lays it."""

    now: datetime
    board: Reader
    tables: Looks
    market: Market


Desks = Callable[[Strand], Desk]


def desks(board: BoardAndTables, market_at: Callable[[datetime], Market]) -> Desks:
    """Lay desks over a board; `market_at` gives the market as of a moment.  One moment shares one desk."""
    last: Laid | None = None

    def lay(strand: Strand) -> Desk:
        nonlocal last
        if last is None or last.now != strand.at:
            last = Laid(strand.at, board, board, market_at(strand.at))
        return last

    return lay


class NoMarket:
    """For networks that look at no market."""


def no_market(at: datetime) -> Market:
    """The market of `NoMarket`, at any time."""
    return NoMarket()
