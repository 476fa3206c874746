"""Caps on an asset's open interest and on how fast it grows."""

from strandloom.exchange.account import Stake
from strandloom.exchange.market import Market
from strandloom.exchange.order import OrderStatus

CAPPED = "Order would increase open interest while open interest is capped"
AGGRESSIVE = "Order rejected due to price more aggressive than oracle while at open interest cap"
TOO_QUICK = "Order would increase open interest too quickly"


def at_cap(market: Market, stake: Stake, signed: int) -> bool:
    """Whether this trade would add to open interest that is capped."""
    grows = abs(stake.szi + signed) > abs(stake.szi)
    return grows and market.interest_cap is not None and market.users_interest >= market.interest_cap


def refusal(market: Market, stake: Stake, signed: int, px: int, now: int) -> tuple[OrderStatus, str] | None:
    """Why an order may not be placed, or None."""
    after, held = stake.szi + signed, stake.szi
    if abs(after) <= abs(held):
        return None
    if at_cap(market, stake, signed):
        if held and (after > 0) != (held > 0):
            return "positionFlipAtOpenInterestCapRejected", CAPPED
        if market.oracle and (px - market.oracle) * (1 if signed > 0 else -1) > 0:
            return "tooAggressiveAtOpenInterestCapRejected", AGGRESSIVE
        return "positionIncreaseAtOpenInterestCapRejected", CAPPED
    if market.growth_cap is not None:
        minute = now // 60_000
        if minute != market.growth_minute:
            market.growth_minute, market.growth_from = minute, market.users_interest
        if market.users_interest + abs(after) - abs(held) - market.growth_from > market.growth_cap:
            return "openInterestIncreaseRejected", TOO_QUICK
    return None
