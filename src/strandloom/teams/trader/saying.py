"""How the Trader says where an order stands."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from strandloom.basics.ids import named_id
from strandloom.basics.quick import changed
from strandloom.blackboard.strand import NOTHING, Draft, Said, new_draft, new_said
from strandloom.kinds.decision import Decision
from strandloom.kinds.order import Leg, OrderIntent, OrderState, OrderStatus
from strandloom.teams.trader import tables
from strandloom.teams.trader.order import Order, intended

GUARDS: Final[tuple[Leg, ...]] = ("stop", "take_profit")
STATUS = ("trader:order_status", "cil:order_status")  # and one tag more that names the state
FEEDBACK = "dm:execution_feedback"
BARE = "trader:bare"  # a position may lack a guard now
WANTED = ("trader:order_intent",)
WITH_ENTRY = ("trader:order_intent:with_entry",)  # it is sent when its entry is


@lru_cache(maxsize=1_000)
def cloid_of(decision: UUID, leg: Leg, part: int | str = 0) -> str:
    """The client order id of a part of a leg: the same for ever, so a second attempt is the same order."""
    return f"0x{named_id('order', f'{decision}:{leg}:{part}').hex}"


def of_order(order: Order, *, more: bool = False, guarded: bool = False, **changes: Any) -> Draft:
    """Where an order of the books stands now; `more` when further parts of its leg follow.

    `guarded`: all that should guard what it has filled is known to stand at the venue.
    """
    body = OrderStatus(
        state=order.state,
        decision=order.decision,
        plan=order.plan,
        leg=order.leg,
        cloid=order.cloid,
        venue=order.venue,
        symbol=order.symbol,
        side=order.side,
        quantity=order.quantity,
        filled=order.filled,
        average_price=order.average_price,
        fee_usd=order.fee_usd,
        oid=order.oid,
        exploration=order.exploration,
        risk_usd=order.risk_usd,
        why=order.why,
        trade=order.trade,
        part=order.part,
        style=order.style,
        more=more,
    )
    return drafted(changed(body, **changes) if changes else body, order.decision, guarded=guarded)


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


def wanted(intent: OrderIntent) -> Draft:
    """An order that is to be sent; the lessons that chose its style are among its causes."""
    told_by = intent.chosen.told_by if intent.chosen is not None else ()
    tags = WITH_ENTRY if intent.goes_with and intent.leg != "entry" else WANTED
    return new_draft(body=intent, tags=tags, parents=(intent.decision, *told_by), symbol=intent.symbol)


def drafted(body: OrderStatus, decision: UUID, *, guarded: bool = False) -> Draft:
    """A status with its tags; what traded also tells the Decision Maker."""
    tags = _tags(body.state, bool(body.filled), not guarded and _bares(body))
    return new_draft(body=body, tags=tags, parents=(decision,), symbol=body.symbol)


def _bares(body: OrderStatus) -> bool:
    """Where an entry has traded, or a guard is gone that nothing replaces, a guard may be missing."""
    if body.leg == "entry":
        return bool(body.filled) and body.state != "closed"
    if body.leg == "stop" and body.state == "rejected":
        return True
    return body.leg in GUARDS and body.state in ("cancelled", "expired") and not body.more


@lru_cache(maxsize=100)
def _tags(state: OrderState, traded: bool, bare: bool) -> tuple[str, ...]:
    told = (*STATUS, f"{STATUS[0]}:{state}")
    return (*told, *((FEEDBACK,) if traded else ()), *((BARE,) if bare else ()))


def asked(intents: Iterable[OrderIntent], at: datetime) -> Said:
    """Orders that are to be sent, with their beginning in the books."""
    drafts, writes = [], []
    for intent in intents:
        drafts.append(wanted(intent))
        writes.append(tables.begin(intended(intent, at)))
    return new_said(drafts=tuple(drafts), writes=tuple(writes)) if drafts else NOTHING


def joined(*parts: Said) -> Said:
    """Several answers as one."""
    told = [part for part in parts if part is not NOTHING]
    if len(told) < 2:
        return told[0] if told else NOTHING
    return new_said(
        drafts=tuple([draft for part in told for draft in part.drafts]),
        writes=tuple([write for part in told for write in part.writes]),
    )
