"""A situation in which everything is allowed, to be changed one thing at a time."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from strandloom.risk.limits import Limits, load
from strandloom.risk.values import Account, Ask, Exposure, Market

NOON = datetime(2025, 5, 20, 12, 0, tzinfo=UTC)
LIMITS: Limits = load()


def an_ask(**changes: Any) -> Ask:
    """Buy 50 at 100 with a stop at 98: 5 000 USD of notional, 100 USD of risk."""
    base: dict[str, Any] = {
        "plan": "p1",
        "idea": "BTC:buy:volume.spike",
        "symbol": "BTC",
        "buys": True,
        "quantity": Decimal(50),
        "price": Decimal(100),
        "stop": Decimal(98),
        "take_profit": Decimal(104),
        "confidence": 0.8,
        "expected_net_bps": 40.0,
        "cost_bps": 15.0,
    }
    return Ask(**(base | changes))


def an_account(**changes: Any) -> Account:
    """100 000 USD, nothing open."""
    base: dict[str, Any] = {"equity_usd": Decimal(100_000), "day_start_usd": Decimal(100_000)}
    return Account(**(base | changes))


def a_market(**changes: Any) -> Market:
    """A calm, liquid, fresh market at noon."""
    base: dict[str, Any] = {
        "now": NOON,
        "mid": Decimal(100),
        "bar_age_s": 20.0,
        "quote_age_s": 1.0,
        "spread_bps": 2.0,
        "minute_volume_usd": 1_000_000.0,
        "sd_bps": 5.0,
        "sd_norm_bps": 5.0,
        "venue_healthy": True,
        "lot": Decimal("0.001"),
        "leverage_limit": 40,
    }
    return Market(**(base | changes))


def an_exposure(
    symbol: str = "ETH", usd: int | str = 1_000, risk: int | str = 10, **changes: Any
) -> Exposure:
    """One open position."""
    plan = changes.pop("plan", f"held {symbol}")
    idea = changes.pop("idea", f"{symbol}:held")
    return Exposure(
        plan=plan, idea=idea, symbol=symbol, signed_usd=Decimal(usd), risk_usd=Decimal(risk), **changes
    )


def some_limits(section: str, **changes: Any) -> Limits:
    """The shipped limits with some of one section changed."""
    part = getattr(LIMITS, section).model_copy(update=changes)
    return LIMITS.model_copy(update={section: part})
