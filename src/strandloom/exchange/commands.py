"""All that can be told to the engine.  Each command carries its time; replaying them replays everything.

`at` and other times are milliseconds since 1970.  `px` and `sz` of an ask and a trigger are in units of 1e-8
(`asset.e8`), so that whoever parses the wire needs no knowledge of the asset; market data comes in ticks and
lots (`feed.py` converts).  `usd` is micro-dollars.
"""

from typing import Literal, NamedTuple

Tif = Literal["Gtc", "Ioc", "Alo", "FrontendMarket"]
Grouping = Literal["na", "normalTpsl", "positionTpsl"]


class Trigger(NamedTuple):
    """Fires when the mark reaches `px`: a stop (`sl`) or a take-profit (`tp`)."""

    px: int
    is_market: bool
    tpsl: Literal["tp", "sl"]


class Ask(NamedTuple):
    """One order as asked for."""

    asset: int
    is_buy: bool
    px: int
    sz: int
    tif: Tif = "Gtc"  # of no meaning when there is a trigger
    reduce_only: bool = False
    cloid: str | None = None
    trigger: Trigger | None = None


class Place(NamedTuple):
    """Orders, one status each, in order."""

    at: int
    user: str
    asks: tuple[Ask, ...]
    grouping: Grouping = "na"
    expires_after: int | None = None


class Cancel(NamedTuple):
    """Cancel by (asset, oid)."""

    at: int
    user: str
    cancels: tuple[tuple[int, int], ...]
    expires_after: int | None = None


class CancelByCloid(NamedTuple):
    """Cancel by (asset, cloid)."""

    at: int
    user: str
    cancels: tuple[tuple[int, str], ...]
    expires_after: int | None = None


class Change(NamedTuple):
    """One order (oid or cloid) and what replaces it."""

    target: int | str
    ask: Ask


class Modify(NamedTuple):
    """Cancel and place anew.  Without `always_place` the replacement can only be post-only."""

    at: int
    user: str
    changes: tuple[Change, ...]
    always_place: bool = False
    expires_after: int | None = None


class ScheduleCancel(NamedTuple):
    """Cancel everything at `time`; None takes the plan back."""

    at: int
    user: str
    time: int | None
    expires_after: int | None = None


class UpdateLeverage(NamedTuple):
    """Cross or isolated, and how much leverage, for one asset."""

    at: int
    user: str
    asset: int
    is_cross: bool
    leverage: int
    expires_after: int | None = None


class UpdateIsolatedMargin(NamedTuple):
    """Move micro-dollars into (positive) or out of an isolated position."""

    at: int
    user: str
    asset: int
    usd: int
    expires_after: int | None = None


class Noop(NamedTuple):
    """Does nothing; on the wire it burns a nonce."""

    at: int
    user: str
    expires_after: int | None = None


class Deposit(NamedTuple):
    """Money from outside; opens the account when it is new."""

    at: int
    user: str
    usd: int


class Withdraw(NamedTuple):
    """Money to the outside."""

    at: int
    user: str
    usd: int


class UsdSend(NamedTuple):
    """Money to another account, which is opened when it is new."""

    at: int
    user: str
    to: str
    usd: int


class ApproveAgent(NamedTuple):
    """An API wallet that may sign for the user; the zero address revokes the one of that name."""

    at: int
    user: str
    agent: str
    name: str | None = None
    valid_until: int | None = None


class UseNonce(NamedTuple):
    """Burn a nonce of a signer (`at` is wall time here): replay protection that outlives a restart."""

    at: int
    signer: str
    nonce: int


class PathBar(NamedTuple):
    """One closed minute of one asset in ticks and lots; 0 (funding: None) where the feed does not say."""

    asset: int
    open: int
    high: int
    low: int
    close: int
    volume: int
    trades: int = 0
    mark: int = 0
    oracle: int = 0
    funding: int | None = None  # hourly rate in units of 1e-10
    open_interest: int = 0


class MarketBars(NamedTuple):
    """One closed minute that opened at `at`, all assets together."""

    at: int
    bars: tuple[PathBar, ...]


class MarketQuote(NamedTuple):
    """The market's best bid and ask at this moment: finer data than bars."""

    at: int
    asset: int
    bid: int
    bid_sz: int
    ask: int
    ask_sz: int
    mark: int = 0
    oracle: int = 0


class Tick(NamedTuple):
    """Time passes: funding, scheduled cancels and cool-downs fall due."""

    at: int


class ListAsset(NamedTuple):
    """Add a perpetual to the universe; `tiers`: (lower bound in micro-dollars, max leverage)."""

    at: int
    name: str
    sz_decimals: int
    max_leverage: int
    tiers: tuple[tuple[int, int], ...] = ()
    margin_table: int = 0
    only_isolated: bool = False


class Delist(NamedTuple):
    """End an asset: its orders are cancelled, its positions settle at the mark."""

    at: int
    asset: int


class SetCaps(NamedTuple):
    """Cap an asset's open interest (lots) and its growth per minute; None lifts a cap."""

    at: int
    asset: int
    open_interest: int | None = None
    growth: int | None = None


class HaltTrading(NamedTuple):
    """Refuse new orders (cancels still work), or go on."""

    at: int
    on: bool


class CancelAll(NamedTuple):
    """The venue cancels what a user (None: everyone) has open, by itself."""

    at: int
    user: str | None = None


class ForceLiquidation(NamedTuple):
    """Liquidate an account's positions now, whatever its margin: a drill."""

    at: int
    user: str


UserCommand = (
    Place
    | Cancel
    | CancelByCloid
    | Modify
    | ScheduleCancel
    | UpdateLeverage
    | UpdateIsolatedMargin
    | Noop
    | Withdraw
    | UsdSend
    | ApproveAgent
)
MarketCommand = MarketBars | MarketQuote | Tick
VenueCommand = Deposit | UseNonce | ListAsset | Delist | SetCaps | HaltTrading | CancelAll | ForceLiquidation
Command = UserCommand | MarketCommand | VenueCommand
