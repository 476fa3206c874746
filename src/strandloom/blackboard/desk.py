"""What a module sees while it thinks: the time, the market so far, and the board's past, all read-only."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import numpy as np

from strandloom.blackboard.strand import Strand
from strandloom.indicators.features.rows import Rows
from strandloom.indicators.frame import Floats, Frame, Minutes


class Reader(Protocol):
    """Bounded reads of the board's past."""

    @property
    def near(self) -> bool:
        """In this process: an answer costs no waiting."""
        ...

    async def get(self, strand_id: UUID) -> Strand | None: ...

    async def chain(self, lifecycle: UUID, *, limit: int = 200) -> Sequence[Strand]: ...

    async def latest(self, kind: str, *, symbol: str | None = None, limit: int = 1) -> Sequence[Strand]: ...


class Looks(Protocol):
    """Named reads of the tables beside the board: the counterpart of named writes."""

    async def look(self, name: str, **values: Any) -> Sequence[dict[str, Any]]: ...


class Think(Protocol):
    """A pure function of the features of `span` neighbouring bars, for as many bars as it is given.

    The features of n bars → [n − span + 1, …, symbol]; row i may depend on bars i … i+span−1 only.  What is
    not known is NaN.
    """

    @property
    def span(self) -> int: ...

    def __call__(self, rows: Rows) -> Floats: ...


class Known(Protocol):
    """The features of the newest closed bar of one timeframe; the indicators' catalogue names them."""

    def __getitem__(self, name: str) -> Floats:
        """[symbol]: the feature now, NaN where it is not known."""
        ...

    def of(self, symbol: int, name: str) -> float:
        """The feature now of the symbol in that row."""
        ...

    def past(self, name: str, bars: int) -> Floats:
        """[symbol × bar]: the feature at the newest bars, at most 64."""
        ...

    def through(self, think: Think) -> Floats:
        """What `think` makes of the newest bars; a replay lets it think about thousands of bars at once."""
        ...


class Ahead(Protocol):
    """Coming minutes that a replay knows already, `first` up to, not including, `stop`.

    Nobody may decide anything by them: they only serve to say in which of them nothing would be done.
    """

    @property
    def first(self) -> int: ...

    @property
    def stop(self) -> int: ...

    @property
    def symbols(self) -> tuple[str, ...]: ...

    def column(self, name: str) -> Floats:
        """[symbol × minute] of one-minute bars; NaN where a bar does not say."""
        ...

    def through(self, timeframe: str, think: Think) -> tuple[Minutes, Floats]:
        """The minutes with which bars of that timeframe close, and what `think` will say of each bar."""
        ...


class Market(Protocol):
    """The market at the close of the delivered strand's minute: read-only, and nothing later is in it."""

    def __hash__(self) -> int:
        """It never changes, so what was worked out from it may be kept beside it."""
        ...

    @property
    def minute(self) -> int:
        """The newest closed minute, counted since 1970."""
        ...

    @property
    def symbols(self) -> tuple[str, ...]:
        """The rows of every array, sorted by name."""
        ...

    def bars(self, timeframe: str = "1m") -> Frame:
        """Closed bars of 1m, 5m, 15m, 30m, 1h, 4h or 1d as arrays [symbol × bar], newest last."""
        ...

    def features(self, timeframe: str = "1m") -> Known:
        """The features of the newest closed bar of that timeframe."""
        ...

    def price(self, row: int) -> float:
        """The last close of the symbol in that row; NaN where it has no bar."""
        ...

    def closes(self, timeframe: str) -> bool:
        """Did a bar of that timeframe close with this minute?"""
        ...

    def age_minutes(self) -> Minutes:
        """[symbol]: minutes since its newest bar, 0 for one of this minute, at most an hour."""
        ...

    def missing(self, bars: int = 60) -> Minutes:
        """[symbol]: how many of its newest minutes are unknown."""
        ...


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


class Laid:
    """A desk as the runner lays it.

    The market is looked up when a module first looks: who does not, need not wait for bars to come.
    """

    __slots__ = ("_at", "_market", "board", "now", "tables")

    def __init__(
        self, now: datetime, board: Reader, tables: Looks, market_at: Callable[[datetime], Market]
    ) -> None:
        self.now = now
        self.board = board
        self.tables = tables
        self._at = market_at
        self._market: Market | None = None

    @property
    def market(self) -> Market:
        if self._market is None:
            self._market = self._at(self.now)
        return self._market


Desks = Callable[[Strand], Desk]


def desks(board: BoardAndTables, market_at: Callable[[datetime], Market]) -> Desks:
    """Lay desks over a board; `market_at` gives the market as of a moment.  One moment shares one desk."""
    last: Laid | None = None

    def lay(strand: Strand) -> Desk:
        nonlocal last
        if last is None or last.now != strand.at:
            last = Laid(strand.at, board, board, market_at)
        return last

    return lay


class NoMarket:
    """For networks that look at no market: it has no symbols, and asking it for bars is a mistake."""

    minute = 0
    symbols: tuple[str, ...] = ()

    def bars(self, timeframe: str = "1m") -> Frame:
        raise LookupError("this network was laid without a market")

    def features(self, timeframe: str = "1m") -> Known:
        raise LookupError("this network was laid without a market")

    def price(self, row: int) -> float:
        raise LookupError("this network was laid without a market")

    def closes(self, timeframe: str) -> bool:
        raise LookupError("this network was laid without a market")

    def age_minutes(self) -> Minutes:
        return np.zeros(0, dtype=np.int64)

    def missing(self, bars: int = 60) -> Minutes:
        return np.zeros(0, dtype=np.int64)


def no_market(at: datetime) -> Market:
    """The market of `NoMarket`, at any time."""
    return NoMarket()
