"""`braid`: a summary of strands that belong together, whose parents are its members.

Posted by cil.weaver on the quarter of an hour; read by cil.lessons, cil.proposer, cil.scribe and people.
Three members or more make a braid, three braids of a level make one of the next.  A memory, not a truth:
nothing trades on a braid.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from strandloom.kinds.registry import Body, kind

ClusterType = Literal["pattern", "symbol", "timeframe", "outcome", "signature", "method", "execution"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BraidMember:
    """One member and what it was worth; of a braid the mean of its outcomes."""

    strand: UUID
    net_bps: float


@kind(
    "braid",
    posted_by="cil.weaver",
    read_by="cil.lessons, cil.proposer, cil.scribe, people",
    tags=("cil:braid", "cil:braid:<cluster_type>"),
    starts_lifecycle=True,
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Braid(Body):
    """Numbers that only code computed, over all outcomes that its members stand for."""

    cluster_type: ClusterType
    cluster: str  # `pattern:volume.spike:up@5m`
    level: int  # 1 for a braid of outcomes
    members: int
    n: int  # outcomes
    looked_at: int  # the newest of them, where there are more than can be carried along
    n_blocks: int
    sr: float
    sr_low: float  # the success rate lies between these two with 80 % probability
    sr_high: float
    mean_net_bps: float
    median_net_bps: float
    mean_gross_bps: float
    median_gross_bps: float
    net_low: float | None  # 90 % interval of the mean, over blocks
    net_high: float | None
    drawdown_bps: float  # the deepest fall of the sum, in order of opening
    best: BraidMember
    worst: BraidMember
    phi: float | None
    rho: float | None
    resonance: float | None
    since: datetime  # first opening
    until: datetime  # last opening
    about: dict[str, int]  # patterns, regimes, sessions and so on, and how often
