"""Builders of what is asked of a venue."""

from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID

from strandloom.kinds.order import OrderIntent

NOON = datetime(2025, 5, 20, 12, tzinfo=UTC)
DECISION = UUID(int=7)
_NUMBERS = count(1)


def cloid(number: int) -> str:
    return f"0x{number:032x}"


def an_intent(**changed: Any) -> OrderIntent:
    """Buy one BTC at once, at no more than 110 dollars, with a client order id of its own."""
    usual: dict[str, Any] = {
        "decision": DECISION,
        "leg": "entry",
        "cloid": cloid(next(_NUMBERS)),
        "venue": "paper",
        "symbol": "BTC",
        "side": "buy",
        "quantity": Decimal(1),
        "price": Decimal(110),
        "time_in_force": "ioc",
        "reduce_only": False,
        "expires_at": NOON.replace(year=2035),
        "style": "taker",
    }
    return OrderIntent(**{**usual, **changed})
