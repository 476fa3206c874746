"""The venue's own words for no.  Those marked with a star are ours: the venue's are not known."""

TICK = "Price must be divisible by tick size."
BAD_SIZE = "Order has invalid size."
BAD_PRICE = "Order has invalid price."
ZERO_SIZE = "Order has zero size."
FAR_PRICE = "Order price cannot be more than 80% away from the reference price"
BAD_ASSET = "Asset is not listed."  # *
EMPTY = "Orders are empty."
MAIN_IS_TRIGGER = "Main order cannot be trigger order."
TRIGGER_COUNT = "Unexpected number of trigger orders"
TPSL_REDUCES = "TP/SL orders must be reduce only."  # *
PARENT_UNFILLED = "Main order was not filled completely."  # *
HALTED = "Trading is halted."
MIN_VALUE = "Order must have minimum value of $10."
MARGIN = "Insufficient margin to place order."
INCREASES = "Reduce only order would increase position."
WOULD_MATCH = "Post only order would have immediately matched, bbo was {bid}@{ask}."
NO_MATCH = "Order could not immediately match against any resting orders."
NO_LIQUIDITY = "No liquidity available for market order."
BAD_TRIGGER = "Invalid TP/SL price."
ORACLE = "Order price too far from oracle"
BEYOND_TIER = "Order would cause position to exceed margin tier limit at current leverage"
TOO_MANY = "Too many open orders."  # *
TOO_LARGE = "Order exceeds the maximum market order value."  # *
CLOID_TAKEN = "An open order already has this cloid."  # *
NOT_THERE = "Order was never placed, already canceled, or filled."
NO_MODIFY = "Cannot modify canceled or filled order"
MODIFY_FAILED = "Error placing new order during modify: {error}"
MODIFY_POST_ONLY = "Modify without always place must be a post only limit order."  # *
EXPIRED = "Action already expired"
NO_DEPOSIT = "Must deposit before performing actions. User: {user}"
SCHEDULE_SOON = "Scheduled cancel time too early, must be at least 5 seconds from now."  # *
SCHEDULE_DAY = "Too many scheduled cancels triggered today. Limit is {limit}."  # *
SCHEDULE_VOLUME = (
    "Cannot set scheduled cancel time until enough volume traded. Required: ${required}. Traded: ${traded}."
)
LEVERAGE = "Invalid leverage value."  # *
LEVERAGE_MODE = "Cannot switch leverage type with open position."
LEVERAGE_MARGIN = "Insufficient margin to change leverage."  # *
ONLY_ISOLATED = "Cross margin is not allowed for this asset."  # *
NOT_ISOLATED = "Position does not use isolated margin."
ISOLATED_SHORT = "Insufficient margin for isolated margin update."  # *
NO_FUNDS = "Insufficient balance for transfer."  # *
BAD_AMOUNT = "Invalid amount."  # *
AGENT_NAME = "Agent name must be at most 16 characters."  # *
AGENT_USED = "Extra agent already used."  # *
AGENT_COUNT = "Too many extra agents for cumulative volume traded. Current limit is 3"
AGENT_UNTIL = "Agent validity must end within 180 days."  # *
NONCE_SEEN = "Invalid nonce: duplicate nonce {nonce}"
NONCE_LOW = "Invalid nonce: nonce too low {nonce} < {floor}"
NONCE_HIGH = "Invalid nonce: nonce too high {nonce} > {ceiling}"


def about(text: str, asset: int) -> str:
    """Per-order refusals name the asset at their end."""
    return f"{text} asset={asset}"
