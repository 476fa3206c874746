"""What can be asked of the engine: values in dollars and base units, ready to be written to a wire."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from strandloom.exchange.order import OrderStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionView:
    """One open position."""

    asset: int
    coin: str
    szi: Decimal
    is_cross: bool
    leverage: int
    max_leverage: int
    entry_px: Decimal
    position_value: Decimal
    unrealized_pnl: Decimal
    return_on_equity: Decimal
    liquidation_px: Decimal | None
    margin_used: Decimal
    raw_usd: Decimal | None  # isolated only
    funding_all_time: Decimal
    funding_since_open: Decimal
    funding_since_change: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryView:
    """The four sums of a margin summary."""

    account_value: Decimal
    total_ntl_pos: Decimal
    total_raw_usd: Decimal
    total_margin_used: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountView:
    """`clearinghouseState`."""

    margin: SummaryView
    cross: SummaryView
    cross_maintenance: Decimal
    withdrawable: Decimal
    time: int
    positions: tuple[PositionView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderView:
    """A frontend order with its status; `openOrders` shows a part of it."""

    asset: int
    coin: str
    side: Literal["A", "B"]
    limit_px: Decimal
    sz: Decimal
    orig_sz: Decimal
    oid: int
    timestamp: int
    cloid: str | None
    reduce_only: bool
    order_type: str  # Limit, Market, Stop Limit, Stop Market, Take Profit Limit, Take Profit Market
    tif: str | None
    is_trigger: bool
    trigger_px: Decimal
    trigger_condition: str  # "N/A" or "Price above 100"
    is_position_tpsl: bool
    children: tuple["OrderView", ...]
    status: OrderStatus
    status_timestamp: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FillView:
    """A fill as `userFills` tells it, plus our own `ambiguous`."""

    user: str
    coin: str
    asset: int
    px: Decimal
    sz: Decimal
    side: Literal["A", "B"]
    time: int
    start_position: Decimal
    dir: str
    closed_pnl: Decimal
    hash: str
    oid: int
    cloid: str | None
    crossed: bool
    fee: Decimal
    tid: int
    liquidated_user: str | None
    liquidation_mark: Decimal | None
    liquidation_method: str | None
    ambiguous: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelView:
    """One price of the book: the size there and the number of orders."""

    px: Decimal
    sz: Decimal
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BookView:
    """Both sides, best first."""

    asset: int
    coin: str
    time: int
    bids: tuple[LevelView, ...]
    asks: tuple[LevelView, ...]
    synthetic_spread: Decimal | None  # what the market's own touch is apart, without users' orders


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextView:
    """`activeAssetCtx`."""

    asset: int
    coin: str
    funding: Decimal
    open_interest: Decimal
    prev_day_px: Decimal
    day_ntl_volume: Decimal
    day_base_volume: Decimal
    premium: Decimal | None
    oracle_px: Decimal
    mark_px: Decimal
    mid_px: Decimal | None
    impact_bid: Decimal | None
    impact_ask: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CandleView:
    """One candle, of whatever interval."""

    start: int
    end: int  # last millisecond
    coin: str
    interval: str
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal
    trades: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeView:
    """A public trade; the market itself is the zero address."""

    coin: str
    side: Literal["A", "B"]
    px: Decimal
    sz: Decimal
    time: int
    hash: str
    tid: int
    buyer: str
    seller: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FundingView:
    """One hourly payment of a user."""

    time: int
    coin: str
    usd: Decimal
    szi: Decimal
    rate: Decimal
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RateView:
    """One hourly rate of an asset."""

    time: int
    coin: str
    rate: Decimal
    premium: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class FeesView:
    """`userFees`, as far as one tier goes."""

    taker: Decimal
    maker: Decimal
    volume: Decimal
