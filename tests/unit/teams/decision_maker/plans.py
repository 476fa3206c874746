"""Plans, accounts and a venue for tests of the Decision Maker."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from strandloom.blackboard.strand import Draft
from strandloom.kinds.instrument import Instrument
from strandloom.kinds.order import OrderStatus
from strandloom.kinds.plan import Expectation, TradingPlan
from strandloom.kinds.position import PositionTracking
from tests.network import at_minute

D = Decimal


class Listed:
    """A venue that lists what it is told."""

    def __init__(self, *symbols: str) -> None:
        self._symbols = symbols

    def instrument(self, symbol: str) -> Instrument | None:
        if symbol not in self._symbols:
            return None
        return Instrument(symbol=symbol, lot=D("0.001"), smallest_usd=D(10), max_leverage=20)


def a_plan(**changes: Any) -> TradingPlan:
    """Buy 10 at about 100 with a stop at 98: 1 000 USD, 22 of them at risk."""
    expected = Expectation(
        net_bps=40.0,
        holding_s=3_600,
        p=0.6,
        cost_bps=15.0,
        fill_probability=1.0,
        cost_model="venue/1",
        measured=False,
    )
    base: dict[str, Any] = {
        "idea": "BTC:buy:volume.spike",
        "symbol": "BTC",
        "side": "buy",
        "entry_type": "market",
        "reference": D(100),
        "quantity": D(10),
        "stop": D(98),
        "take_profit": D(103),
        "time_limit_s": 3_600,
        "expires_at": at_minute(10_000),
        "expected": expected,
        "confidence": 0.8,
    }
    return TradingPlan(**(base | changes))


def plan_draft(**changes: Any) -> Draft:
    plan = a_plan(**changes)
    return Draft(body=plan, tags=("dm:plan",), symbol=plan.symbol)


def tracking(**changes: Any) -> Draft:
    """100 000 USD on paper, nothing held."""
    base: dict[str, Any] = {
        "venue": "paper",
        "mode": "paper",
        "equity_usd": D(100_000),
        "cash_usd": D(100_000),
        "flows_usd": D(100_000),
        "realised_usd": D(0),
        "unrealised_usd": D(0),
        "held": (),
        "open_orders": 0,
        "gross_usd": D(0),
        "net_usd": D(0),
    }
    return Draft(body=PositionTracking(**(base | changes)), tags=("trader:position_tracking",))


def status(decision: Any, state: str, **changes: Any) -> Draft:
    """Where the entry order of a decision stands."""
    body = decision.body
    base: dict[str, Any] = {
        "state": state,
        "decision": decision.id,
        "plan": body.plan,
        "leg": "entry",
        "cloid": "0x" + "0" * 32,
        "venue": "paper",
        "symbol": body.symbol,
        "side": body.side,
        "quantity": body.quantity,
        "risk_usd": body.risk_usd,
    }
    status = OrderStatus(**(base | changes))
    return Draft(body=status, tags=(f"trader:order_status:{status.state}",), symbol=body.symbol)


def minutes(n: int) -> timedelta:
    return timedelta(minutes=n)
