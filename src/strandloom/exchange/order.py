"""An order and its statuses."""

from typing import Literal, get_args

from strandloom.exchange.commands import Tif

OrderStatus = Literal[
    "open",
    "filled",
    "canceled",
    "triggered",
    "rejected",
    "marginCanceled",
    "openInterestCapCanceled",
    "selfTradeCanceled",
    "reduceOnlyCanceled",
    "siblingFilledCanceled",
    "delistedCanceled",
    "liquidatedCanceled",
    "scheduledCancel",
    "internalCancel",
    "tickRejected",
    "minTradeNtlRejected",
    "perpMarginRejected",
    "reduceOnlyRejected",
    "badAloPxRejected",
    "iocCancelRejected",
    "badTriggerPxRejected",
    "marketOrderNoLiquidityRejected",
    "positionIncreaseAtOpenInterestCapRejected",
    "positionFlipAtOpenInterestCapRejected",
    "tooAggressiveAtOpenInterestCapRejected",
    "openInterestIncreaseRejected",
    "oracleRejected",
    "perpMaxPositionRejected",
    "tooManyOpenOrdersRejected",
]
STATUSES: tuple[OrderStatus, ...] = get_args(OrderStatus)


class Order:
    """One order from its first breath on; mutable, so read it and never write it."""

    __slots__ = (
        "asset",
        "at",
        "children",
        "cloid",
        "filled",
        "fired",
        "is_buy",
        "is_market",
        "is_position_tpsl",
        "left",
        "live_from",
        "ntl",
        "oid",
        "parent",
        "px",
        "queue",
        "reduce_only",
        "siblings",
        "status",
        "status_at",
        "sz",
        "tif",
        "tpsl",
        "trigger_px",
        "user",
        "waits",
    )

    def __init__(
        self,
        oid: int,
        user: str,
        asset: int,
        is_buy: bool,
        px: int,
        sz: int,
        tif: Tif,
        reduce_only: bool,
        cloid: str | None,
        at: int,
    ) -> None:
        self.oid = oid
        self.user = user
        self.asset = asset
        self.is_buy = is_buy
        self.px = px
        self.sz = sz  # as asked for
        self.left = sz  # not yet filled; a reduce-only order shrinks with its position
        self.tif: Tif = tif
        self.reduce_only = reduce_only
        self.cloid = cloid
        self.at = at
        self.live_from = at  # only what the market does from then on can fill or fire it
        self.status: OrderStatus = "open"
        self.status_at = at
        self.queue = 0  # lots ahead of it at its price
        self.filled = 0  # lots
        self.ntl = 0  # micro-dollars filled so far
        self.trigger_px = 0  # 0: no trigger order
        self.is_market = False  # trigger orders: fires a market order
        self.tpsl: Literal["tp", "sl", ""] = ""
        self.is_position_tpsl = False
        self.fired = False
        self.waits = False  # a child whose parent is not filled yet
        self.parent = 0  # oid of the parent order
        self.children: tuple[int, ...] = ()
        self.siblings: tuple[int, ...] = ()

    @property
    def is_trigger(self) -> bool:
        """A trigger order that has not fired."""
        return self.trigger_px > 0 and not self.fired

    @property
    def fires_below(self) -> bool:
        """A stop that sells and a take-profit that buys fire when the mark falls to their price."""
        return (self.tpsl == "sl") != self.is_buy

    def __repr__(self) -> str:
        side = "buy" if self.is_buy else "sell"
        return f"<Order {self.oid} {side} {self.left}/{self.sz} of {self.asset} at {self.px} {self.status}>"
