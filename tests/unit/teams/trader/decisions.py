"""Decisions and order intents for tests of the Trader."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from strandloom.blackboard.strand import Draft
from strandloom.kinds.decision import Decision
from strandloom.kinds.order import OrderIntent
from tests.network import at_minute

D = Decimal


def a_decision(**changes: Any) -> Decision:
    """Buy 10 at about 100, at most at 101, with a stop at 98."""
    base: dict[str, Any] = {
        "intent": "open",
        "plan": None,
        "symbol": "BTC",
        "side": "buy",
        "quantity": D(10),
        "entry_type": "market",
        "worst_price": D(101),
        "stop": D(98),
        "take_profit": D(103),
        "time_in_force": "ioc",
        "expires_at": at_minute(10_000),
        "risk_usd": D(20),
    }
    return Decision(**(base | changes))


def decided(**changes: Any) -> Draft:
    """A decision on its way to the Trader."""
    body = a_decision(**changes)
    return Draft(body=body, tags=("trader:execute",), symbol=body.symbol)


def an_intent(**changes: Any) -> OrderIntent:
    """The entry of a decision to buy 10."""
    base: dict[str, Any] = {
        "decision": UUID(int=1),
        "leg": "entry",
        "cloid": "0x01",
        "venue": "paper",
        "symbol": "BTC",
        "side": "buy",
        "quantity": D(10),
        "price": D(101),
        "time_in_force": "ioc",
        "reduce_only": False,
        "expires_at": at_minute(10_000),
        "style": "taker",
        "stop": D(98),
    }
    return OrderIntent(**(base | changes))
