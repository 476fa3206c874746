"""`decision`, `refusal`, `halt`, `resume`, `hibernation`: what may be done, what not, and when nothing may.

Decisions and refusals are posted by decision_maker.gate; the Trader executes the former, learning follows the
latter on paper.  Halts and resumes are posted by people, by the gate and by the Trader's position watch, and
read by everyone who could open something.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from strandloom.basics.quick import quick
from strandloom.kinds.condition import Condition
from strandloom.kinds.plan import EntryType, Price, Side, TimeInForce
from strandloom.kinds.registry import Body, kind

Intent = Literal["open", "close"]
ReleasedRule = Literal[
    "kill_switch",
    "daily_loss",
    "drawdown",
    "probation",
    "gross_exposure",
    "net_exposure",
    "correlated_exposure",
]


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class RuleAnswer:
    """What one risk rule answered: its limit, the value it met, and the unit of both."""

    rule: str
    approved: bool
    limit: str
    value: str
    unit: str
    why: str = ""


@kind(
    "decision",
    posted_by="decision_maker.gate, decision_maker.closer",
    read_by="trader.orders, learning, cil",
    tags=("trader:execute", "dm:decision", "cil:decision"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(Body):
    """An approved plan with its limits, or the order to close what is open; tagged `trader:execute`."""

    intent: Intent
    plan: UUID | None  # None: closing a position that no plan of ours opened
    symbol: str
    side: Side
    quantity: Annotated[Decimal, Field(gt=0)]  # at most
    entry_type: EntryType
    entry_price: Price | None = None
    worst_price: Price  # never trade beyond it
    stop: Price | None = None  # None only when closing
    take_profit: Price | None = None
    time_limit_s: int | None = None
    time_in_force: TimeInForce = "gtc"
    expires_at: datetime
    condition: Condition | None = None
    reduce_only: bool = False
    exploration: bool = False
    risk_usd: Decimal = Decimal(0)  # claimed from the budget under this decision's plan
    replaces: UUID | None = None  # the plan whose wait or entry this one ends
    venue: str | None = None
    lessons_shown: tuple[UUID, ...] = ()  # what it was shown
    held_out: bool = False  # or that it was shown none, so that their worth can be measured
    answers: tuple[RuleAnswer, ...] = ()
    reason: str = ""


@kind(
    "refusal",
    posted_by="decision_maker.gate",
    read_by="learning (shadow), cil, people",
    tags=("dm:refusal", "cil:refusal", "learning:refusal"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal(Body):
    """A plan that may not be traded, with every rule that failed, not only the first."""

    plan: UUID
    symbol: str
    side: Side
    failed: tuple[RuleAnswer, ...]
    answers: tuple[RuleAnswer, ...] = ()
    reason: str = ""


@kind(
    "halt",
    posted_by="people, decision_maker.gate, trader.positions, the supervisor",
    read_by="decision_maker.gate, trader.orders",
    tags=("dm:halt", "trader:halt"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class HaltOrder(Body):
    """Open nothing more, everywhere or on one symbol; closing stays possible."""

    reason: str
    symbol: str | None = None
    rule: str = "kill_switch"
    by: Literal["person", "network"] = "person"


@kind(
    "resume",
    posted_by="people",
    read_by="decision_maker.gate, trader.orders",
    tags=("dm:resume", "trader:resume"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeOrder(Body):
    """A person's release of a halt or of a latched limit, with the reason."""

    reason: str
    symbol: str | None = None
    rule: ReleasedRule = "kill_switch"


@kind(
    "hibernation",
    posted_by="decision_maker.account",
    read_by="people, cil",
    tags=("dm:hibernation", "cil:hibernation"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Hibernation(Body):
    """A request: this symbol has lost so much for so long that a person should take it out."""

    symbol: str
