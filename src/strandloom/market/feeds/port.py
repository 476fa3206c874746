"""What a feed is: symbols in, a stream of closed bars out, and one of quotes."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from strandloom.kinds.market import Bar, Quote
from strandloom.market.bars import Bars


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """Bars that are closed; `now` is the venue's time when they were told."""

    bars: tuple[Bar, ...]
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """Time went on; nothing closed."""

    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """From this minute on the symbol has bars.  A feed says so first of every symbol that it serves."""

    symbol: str
    minute: int
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Delisted:
    """From this minute on the symbol has none any more."""

    symbol: str
    minute: int
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Skewed:
    """The venue's clock runs that far ahead of ours (behind, when negative)."""

    offset_s: float
    now: datetime


FeedEvent = Closed | Passed | Listed | Delisted | Skewed


class Feed(Protocol):
    """A source of market data.  A dropped connection is its own affair: it comes back and fills the hole."""

    @property
    def venue(self) -> str:
        """The name under which its bars are stored."""
        ...

    def closed(self, symbols: Sequence[str], since: int) -> AsyncIterator[FeedEvent]:
        """All that closes from minute `since` on; what was missed comes first, minute by minute."""
        ...

    def quotes(self, symbols: Sequence[str]) -> AsyncIterator[Quote]:
        """The best bid and ask as they change."""
        ...

    async def history(self, symbols: Sequence[str], start: int, stop: int) -> Sequence[Bars]:
        """What can still be had of minutes `start` up to, not including, `stop`."""
        ...
