"""What the exchange looks like from outside: one way in, and questions that change nothing.

The server, the paper venue and the backtest hold this; `engine.Engine` is it.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Protocol

from strandloom.exchange.asset import Asset
from strandloom.exchange.commands import Command
from strandloom.exchange.events import Fill, Moved
from strandloom.exchange.order import Order
from strandloom.exchange.replies import Outcome
from strandloom.exchange.rules import Rules
from strandloom.exchange.views import (
    AccountView,
    BookView,
    CandleView,
    ContextView,
    FeesView,
    FillView,
    FundingView,
    OrderView,
    RateView,
    TradeView,
)


class Exchange(Protocol):
    """Unknown users have empty answers; unknown assets are None."""

    def apply(self, command: Command) -> Outcome:
        """Carry out one command.  Time never runs backwards: an older `at` counts as now."""
        ...

    @property
    def rules(self) -> Rules:
        """What this instance does: fees, minimums, and how fills are decided."""
        ...

    @property
    def now(self) -> int: ...

    @property
    def halted(self) -> bool: ...

    def assets(self) -> Sequence[Asset]:
        """The universe, by asset id; delisted rows stay."""
        ...

    def is_delisted(self, asset: int) -> bool: ...

    def asset_id(self, coin: str) -> int | None: ...

    def knows(self, user: str) -> bool:
        """Whether the account was ever funded."""
        ...

    def account(self, user: str) -> AccountView: ...

    def leverage(self, user: str, asset: int) -> tuple[bool, int]:
        """Cross or not, and the leverage, that the next position would have."""
        ...

    def open_orders(self, user: str) -> list[OrderView]:
        """Newest first; children are nested and listed."""
        ...

    def order(self, user: str, ref: int | str) -> OrderView | None:
        """By oid or cloid; None is the venue's `unknownOid`."""
        ...

    def finished_orders(self, user: str) -> list[OrderView]:
        """`historicalOrders`: the latest 2 000, newest first, live ones included."""
        ...

    def fills(self, user: str, limit: int = 2_000) -> list[FillView]:
        """Newest first."""
        ...

    def fills_between(
        self, user: str, start: int, end: int | None = None, limit: int = 2_000
    ) -> list[FillView]:
        """Oldest first, both ends included."""
        ...

    def fundings(
        self, user: str, start: int, end: int | None = None, limit: int = 500
    ) -> list[FundingView]: ...

    def moves(self, user: str, start: int, end: int | None = None, limit: int = 500) -> list[Moved]:
        """Money in or out of an account other than by trading and funding, oldest first."""
        ...

    def rates(self, asset: int, start: int, end: int | None = None, limit: int = 500) -> list[RateView]:
        """`fundingHistory`."""
        ...

    def fees(self, user: str) -> FeesView: ...

    def agents(self, user: str) -> list[tuple[str, str | None, int | None]]:
        """(address, name, valid until), unnamed ones included."""
        ...

    def master(self, agent: str) -> str | None:
        """Whose agent this address is; None when it is none or its time is over."""
        ...

    def mids(self) -> dict[str, str]:
        """`allMids`: the last price where there is no book."""
        ...

    def marks(self) -> dict[str, Decimal]:
        """The mark price of every asset that has one."""
        ...

    def book(self, asset: int, levels: int = 20) -> BookView: ...

    def context(self, asset: int) -> ContextView: ...

    def trades(self, asset: int, limit: int = 50) -> list[TradeView]:
        """The latest public trades, newest first."""
        ...

    def candles(self, asset: int, interval: str, start: int, end: int) -> list[CandleView]:
        """At most the latest 5 000 of an interval, oldest first."""
        ...

    def fill_view(self, fill: Fill) -> FillView:
        """A `Fill` event as it reads on the wire."""
        ...

    def order_view(self, order: Order) -> OrderView:
        """An order of an event as it reads on the wire, as it stands now."""
        ...
