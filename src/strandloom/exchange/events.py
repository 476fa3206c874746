"""What the engine says happened, in order."""

from typing import Literal, NamedTuple

from strandloom.exchange.order import Order, OrderStatus


class OrderChanged(NamedTuple):
    """An order took on a status.  `order` lives on: take `left` from here, not from it."""

    at: int
    user: str
    order: Order
    status: OrderStatus
    left: int  # lots


class Liquidation(NamedTuple):
    """Why a fill was forced."""

    user: str
    mark: int
    method: Literal["market", "backstop"]


class Fill(NamedTuple):
    """One side of one trade."""

    at: int
    user: str
    asset: int
    oid: int
    cloid: str | None
    is_buy: bool
    px: int
    sz: int
    start_szi: int  # position before
    closed_pnl: int  # without the fee
    fee: int  # negative: a rebate
    crossed: bool  # taker
    tid: int  # the same for both sides
    seq: int  # counts trades of the whole exchange
    liquidation: Liquidation | None = None
    ambiguous: bool = False  # the bar touched stop and target alike: the order of the two is an assumption


class Trade(NamedTuple):
    """A print for everyone.  The market itself trades as the empty address."""

    at: int
    asset: int
    is_buy: bool  # the taker's side
    px: int
    sz: int
    tid: int
    seq: int
    buyer: str
    seller: str


class FundingPaid(NamedTuple):
    """Hourly funding of one position; negative `usd` was paid."""

    at: int
    user: str
    asset: int
    usd: int
    szi: int
    rate: int  # units of 1e-10


class FundingSettled(NamedTuple):
    """The hourly rate of an asset."""

    at: int
    asset: int
    rate: int
    premium: int  # units of 1e-10


class Liquidated(NamedTuple):
    """An account (asset None) or an isolated position fell below maintenance margin."""

    at: int
    user: str
    asset: int | None
    account_value: int
    maintenance: int
    method: Literal["market", "backstop"]


class Moved(NamedTuple):
    """Money in or out of an account other than by trading and funding."""

    at: int
    user: str
    kind: Literal["deposit", "withdraw", "send", "receive", "liquidation"]
    usd: int  # signed
    other: str | None = None


Event = OrderChanged | Fill | Trade | FundingPaid | FundingSettled | Liquidated | Moved
