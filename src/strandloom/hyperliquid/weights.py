"""What each request costs of the address-independent allowance, as the venue counts it."""

from typing import Any, Final

PER_MINUTE: Final = 1200
_LIGHT: Final = frozenset(
    {
        "l2Book",
        "allMids",
        "clearinghouseState",
        "orderStatus",
        "spotClearinghouseState",
        "exchangeStatus",
    }
)
_HEAVY: Final = frozenset({"userRole"})
_BY_20_ROWS: Final = frozenset(
    {
        "recentTrades",
        "historicalOrders",
        "userFills",
        "userFillsByTime",
        "fundingHistory",
        "userFunding",
        "userNonFundingLedgerUpdates",
    }
)


def info_weight(kind: str) -> int:
    """The weight that a request to /info costs before its answer is known."""
    if kind in _LIGHT:
        return 2
    return 60 if kind in _HEAVY else 20


def rows_weight(kind: str, rows: int) -> int:
    """What the rows of the answer cost on top."""
    if kind == "candleSnapshot":
        return rows // 60
    return rows // 20 if kind in _BY_20_ROWS else 0


def action_weight(action: Any) -> int:
    """The weight of an action: one, and one more for every 40 items of a batch."""
    return 1 + batch_length(action) // 40


def batch_length(action: Any) -> int:
    """How many orders, cancels or modifies an action carries; an action without any counts as one."""
    for items in ("orders", "cancels", "modifies"):
        if isinstance(action, dict) and isinstance(action.get(items), list):
            return max(1, len(action[items]))
    return 1
