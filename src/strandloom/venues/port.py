"""What the Trader needs of a venue.  Every call may be repeated: an order is known by its client order id."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final, Literal, Protocol, runtime_checkable

from strandloom.basics.errors import Retryable
from strandloom.basics.quick import quick
from strandloom.blackboard.desk import Ahead, Market
from strandloom.kinds.fill import Fill, FundingPaid, OpenOrder
from strandloom.kinds.instrument import Instrument
from strandloom.kinds.order import OrderIntent

Mode = Literal["paper", "testnet", "real"]
ReportState = Literal[
    "acknowledged",
    "partly_filled",
    "filled",
    "cancelled",
    "rejected",
    "expired",
    "unknown",  # it may have been sent: neither there nor not there, until the venue has said so
]

LIVE: Final = ("acknowledged", "partly_filled")


class VenueSilent(Retryable):
    """A question got no answer; nothing was changed, nothing is known."""


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Where the venue says that an order stands."""

    state: ReportState
    filled: Decimal = Decimal(0)
    average_price: Decimal | None = None
    fee_usd: Decimal = Decimal(0)
    oid: int | None = None
    why: str = ""
    ambiguous: bool = False  # the order of two fills inside one bar is an assumption


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """One position as the venue nets it."""

    symbol: str
    quantity: Decimal  # signed
    entry_price: Decimal
    mark: Decimal
    unrealised_usd: Decimal


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """An account as the venue sees it."""

    equity_usd: Decimal
    cash_usd: Decimal
    flows_usd: Decimal
    positions: tuple[Position, ...]
    open_orders: int
    silent: tuple[str, ...] = ()  # accounts that do not answer now: of them this is what they said last


@runtime_checkable
class Foreseeing(Protocol):
    """A venue that moves with known minutes, and can say how long nothing can happen to the account."""

    def calm_until(self, ahead: Ahead, stop: int) -> int:
        """The first minute in which the account could be touched, `stop` if there is none before."""
        ...


class Account(Protocol):
    """One account: what is asked of it and nobody else.  Its books are its own."""

    @property
    def name(self) -> str: ...

    async def balance(self) -> Balance: ...

    async def positions(self) -> Sequence[Position]:
        """What is held now, each at its mark; cheaper than the balance."""
        ...

    async def order(self, cloid: str) -> Report | None:
        """Where it stands; None where the venue knows no such order and will never hear of it.

        `unknown` as long as an order that was sent may still arrive there.
        """
        ...

    async def funding_usd(self, symbol: str, since: datetime, until: datetime) -> Decimal:
        """Funding received (negative: paid) on a symbol in that time."""
        ...

    async def fills(self, since: datetime) -> Sequence[Fill]:
        """Every fill from that moment on, itself included; oldest first."""
        ...

    async def fundings(self, since: datetime) -> Sequence[FundingPaid]:
        """Every funding payment from that moment on, itself included; oldest first."""
        ...

    async def open_orders(self) -> Sequence[OpenOrder]:
        """What rests or waits for its trigger, whoever asked for it; oldest first."""
        ...


class Venue(Account, Protocol):
    """Where orders go: one account, or several that stand in for each other and are asked as one."""

    @property
    def accounts(self) -> Sequence[Account]:
        """Those that it consists of; a single one is its own."""
        ...

    def account_of(self, name: str) -> Account:
        """The one that an order with that name lies with."""
        ...

    @property
    def mode(self) -> Mode: ...

    def pick(self) -> str:
        """The name that a new intent should carry: where an order would go now.  Refused when nowhere."""
        ...

    def instrument(self, symbol: str) -> Instrument | None: ...

    async def follow(self, market: Market) -> None:
        """Bring the venue up to this minute of the market, where it does not move by itself."""
        ...

    async def place(self, intent: OrderIntent, at: datetime, stop: OrderIntent | None = None) -> Report:
        """Send it; one that is known already is only looked up.

        `unknown` where it may have been sent and nobody answered: ask `order` until that says more.
        `stop` goes in the same request, as its child: it rests and waits, works from the moment in which the
        order is filled whole, and is cancelled where the order ends before that.  Both are taken or neither.
        """
        ...

    async def modify(self, intent: OrderIntent, at: datetime) -> Report | None:
        """Give a live order of that client order id the price, trigger and quantity of `intent`.

        What has ended stays as it ended, None where the venue knows no such order.  A venue may end the
        old order and refuse the new one: then the report says that it is over, and why.
        """
        ...

    async def cancel(self, symbol: str, cloid: str, at: datetime) -> Report | None:
        """Cancel it; what has ended stays as it ended, None where the venue knows no such order."""
        ...

    async def take_back(self, order: OpenOrder, at: datetime) -> bool:
        """Cancel what rests by the venue's own id, whoever placed it.

        True once it rests no more, however that came; False where the venue will not cancel it.
        """
        ...

    async def marks(self) -> Mapping[str, Decimal]:
        """The mark price per symbol: what triggers fire on and what positions are worth."""
        ...

    async def schedule_cancel(self, at: datetime | None) -> bool:
        """Let the venue cancel every order at that time unless told otherwise before; None calls it off.

        False where the venue does not do that for this account.
        """
        ...
