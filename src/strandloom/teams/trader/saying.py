"""How the Trader says where an order stands."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from strandloom.basics.ids import named_id
from strandloom.blackboard.strand import Draft
from strandloom.kinds.decision import Decision
from strandloom.kinds.order import Leg, OrderIntent, OrderState, OrderStatus
from strandloom.venues.port import Report

STATUS = ("trader:order_status", "cil:order_status")
FEEDBACK = "dm:execution_feedback"


def cloid_of(decision: UUID, leg: Leg, part: int = 0) -> str:
    """The client order id of a leg: the same for ever, so that a second attempt is the same order."""
    return f"0x{named_id('order', f'{decision}:{leg}:{part}').hex}"


def status(
    intent: OrderIntent, decision: Decision, report: Report, *, why: str = "", risk_usd: Decimal | None = None
) -> Draft:
    """What the venue answered."""
    body = OrderStatus(
        state=report.state,
        decision=intent.decision,
        plan=decision.plan,
        leg=intent.leg,
        cloid=intent.cloid,
        venue=intent.venue,
        symbol=intent.symbol,
        side=intent.side,
        quantity=intent.quantity,
        filled=report.filled,
        average_price=report.average_price,
        fee_usd=report.fee_usd,
        oid=report.oid,
        exploration=decision.exploration,
        risk_usd=risk_usd if risk_usd is not None else decision.risk_usd,
        why=why or report.why,
    )
    return drafted(body, intent.decision)


def of_decision(name: UUID, decision: Decision, state: OrderState, **more: Any) -> Draft:
    """Where a decision stands before any order exists, or after the last one."""
    body = OrderStatus(
        state=state,
        decision=name,
        plan=decision.plan,
        leg="close" if decision.intent == "close" else "entry",
        cloid=None,
        venue=None,
        symbol=decision.symbol,
        side=decision.side,
        quantity=decision.quantity,
        exploration=decision.exploration,
        risk_usd=decision.risk_usd,
        **more,
    )
    return drafted(body, name)


def of_row(row: Mapping[str, Any], decision: Decision, report: Report) -> OrderStatus:
    """Where an order of the books stands now."""
    return OrderStatus(
        state=report.state,
        decision=UUID(str(row["decision"])),
        plan=decision.plan,
        leg=row["leg"],
        cloid=row["cloid"],
        venue=row["venue"],
        symbol=row["symbol"],
        side=row["side"],
        quantity=Decimal(str(row["quantity"])),
        filled=report.filled,
        average_price=report.average_price,
        fee_usd=report.fee_usd,
        oid=report.oid,
        exploration=decision.exploration,
        risk_usd=decision.risk_usd,
        why=report.why,
    )


def drafted(body: OrderStatus, decision: UUID) -> Draft:
    """A status with its tags; what traded also tells the Decision Maker."""
    tags = (*STATUS, FEEDBACK) if body.filled else STATUS
    return Draft(body=body, tags=tags, parents=(decision,), symbol=body.symbol)
