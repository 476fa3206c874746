"""`hypothesis`, `lesson`, `gate_run`, `lesson_order`: what is supposed, what has earned its place, and how.

`hypothesis` is posted by cil.proposer (in a model's words) and by people, and read by cil.lessons, which
writes it down before a single confirming outcome exists.  `lesson` is posted by cil.lessons and
cil.doctrine each time a lesson's status moves, and read by the writers, the other teams and people;
`gate_run` once per run of the gate, also when nothing came of it; `doctrine` by cil.doctrine whenever what
is in force has changed; `lesson_order` by people.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from strandloom.kinds.predicate import Predicate
from strandloom.kinds.prediction import Family
from strandloom.kinds.registry import Body, kind

Status = Literal[
    "candidate", "shadow", "active", "suspended", "retired", "contraindicated", "quarantined"
]  # fmt: skip
Reason = Literal[
    "registered",
    "looked_at",
    "confirmed",
    "harmful",
    "no_edge",
    "decayed",
    "contradicted",
    "decided",
    "superseded",
    "by_person",
    "says_nothing",
]
Action = Literal["expect", "avoid", "enter_maker", "enter_taker", "enter_sliced"]
Share = Annotated[float, Field(ge=0, le=1)]
IN_FORCE: tuple[Status, ...] = ("active", "contraindicated")


@kind(
    "hypothesis",
    posted_by="cil.proposer, people",
    read_by="cil.lessons",
    tags=("cil:hypothesis",),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Hypothesis(Body):
    """Something that may be true, in the closed grammar; it counts as tried from here on, for ever."""

    family: Family
    predicate: Predicate
    action_hint: Action
    horizon_s: Annotated[int, Field(gt=0, le=86_400)]  # the longest that such a forecast or order runs
    cost_model: str
    cost_bps: Annotated[float, Field(ge=0)]  # modelled round trip
    writer: str  # `rule`, or model and prompt version
    mechanism: Annotated[str, Field(max_length=600)] = ""  # why it should hold; needed to try again


@kind(
    "lesson",
    posted_by="cil.lessons, cil.doctrine",
    read_by="cil.scribe, people",
    starts_lifecycle=True,
    tags=("cil:lesson", "cil:lesson:<status>", "trader:lesson"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson(Body):
    """A predicate with statistics, as it stands from `known_from` on; prose is only its rendering."""

    lesson: UUID
    revision: int  # counts every move of this lesson
    version: int  # counts restarts of the same statement
    parent: UUID | None  # the version before
    status: Status
    reason: Reason
    why: str = ""

    family: Family
    predicate: Predicate
    action_hint: Action
    horizon_s: int
    cost_model: str
    cost_bps: float
    writer: str
    mechanism: str
    registered_at: datetime

    n: int = 0  # outcomes behind the numbers below
    n_blocks: int = 0
    hits: int = 0
    mean_net_bps: float | None = None
    mean_gross_bps: float | None = None
    drift_bps: float | None = None  # what entering at any minute would have earned, gross
    sd_bps: float | None = None  # of a block's mean
    ci_low: float | None = None  # adjusted for false coverage
    ci_high: float | None = None
    shrunk_mean: float | None = None
    claim: float | None = None  # what it is held to: below zero for a contraindication
    p: Share = 1.0  # that it is worth nothing, over all looks so far
    p_mirror: Share = 1.0  # that it does no harm
    looks: int = 0
    n_trials: int = 0  # candidates ever registered when the gate last looked
    alpha: float = 0.05  # at which its own death is believed
    wealth: float = 1.0  # of the doubter who bets against the claim; it is suspended at 1/alpha

    discovery_from: datetime | None = None
    discovery_to: datetime | None = None
    confirmation_from: datetime | None = None
    confirmation_to: datetime | None = None
    evidence: tuple[UUID, ...] = ()  # the newest predictions behind it
    evidence_hash: str = ""  # of all of them
    because: tuple[UUID, ...] = ()  # the strands that suggested it

    contradicts: tuple[UUID, ...] = ()  # where both match, neither is used
    yields_to: tuple[UUID, ...] = ()  # where both match, the other is used
    valid_from: datetime
    valid_to: datetime | None = None
    known_from: datetime
    known_to: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleLesson:
    """An active lesson of execution as the Trader's entry style takes it."""

    lesson: UUID
    style: Literal["maker", "taker", "sliced"]
    predicate: Predicate
    saved_bps: float  # claimed, against a taker order at arrival; below zero: avoid it
    weight: float  # shrunk effect × freshness: the heavier lesson speaks first


@kind(
    "gate_run",
    posted_by="cil.lessons",
    read_by="people",
    tags=("cil:gate_run", "learning:gate_run"),
    starts_lifecycle=True,
)
@dataclass(frozen=True, slots=True, kw_only=True)
class GateRun(Body):
    """One run of the gate: one per market day, and what came of it."""

    slot: datetime
    n_trials: int
    registered: int
    looked_at: int
    promoted: int
    contraindicated: int
    retired: int
    in_force: int
    level: float  # the largest p that passed, 0 when none did
    best_p: float


@kind(
    "doctrine",
    posted_by="cil.doctrine",
    read_by="cil.guidance, people",
    tags=("cil:doctrine",),
    starts_lifecycle=True,
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Doctrine(Body):
    """All lessons in force: what is expected, and what is to be avoided."""

    active: tuple[UUID, ...]
    contraindicated: tuple[UUID, ...]
    lift_bps: float | None = None  # mean of chains with lessons less that of held-out ones
    lift_low: float | None = None
    lift_high: float | None = None


@kind(
    "lesson_order",
    posted_by="people",
    read_by="cil.lessons",
    tags=("cil:lesson_order",),
    starts_lifecycle=True,
)
@dataclass(frozen=True, slots=True, kw_only=True)
class LessonOrder(Body):
    """A person's word on a lesson: retire it, or try it again as a new version."""

    lesson: UUID
    order: Literal["retire", "restart"]
    why: Annotated[str, Field(min_length=3, max_length=600)]
