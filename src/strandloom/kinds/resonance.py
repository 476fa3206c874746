"""`resonance` and `ablation`: how alive the network's knowledge is, and whether leaning on it pays.

`resonance` is posted nightly by learning.scores, once all keys are scored; read by CIL and people.
`ablation` is posted weekly by cil.resonance; the Decision Maker leans on resonance only as far as the newest
one allows.
"""

from dataclasses import dataclass
from datetime import datetime

from strandloom.kinds.registry import Body, kind


@dataclass(frozen=True, slots=True, kw_only=True)
class ResonantKey:
    """One pattern key among the best."""

    key: str
    n_blocks: int
    sr: float
    sr_low: float
    net_bps: float | None
    phi: float | None
    rho: float | None
    resonance: float
    selection: float | None


@kind(
    "resonance",
    posted_by="learning.scores",
    read_by="cil, people",
    starts_lifecycle=True,
    tags=("cil:resonance", "learning:scores"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Resonance(Body):
    """The night's look over all keys.  θ is one for all: it ranks nobody."""

    slot: datetime
    theta: float
    theta_by_regime: dict[str, float]
    keys: int  # that ever had a forecast
    compared: int  # leaf keys fresh enough to be compared with each other
    resonant: int  # keys whose resonance is known
    mean_resonance: float | None
    best: tuple[ResonantKey, ...]  # the most resonant, at most ten


@kind(
    "ablation",
    posted_by="cil.resonance",
    read_by="decision_maker, people",
    starts_lifecycle=True,
    tags=("cil:ablation", "dm:ablation"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Ablation(Body):
    """Would weighing forecasts by resonance have paid?  λ is chosen on one half, judged on the next."""

    slot: datetime
    since: datetime
    until: datetime
    n: int  # outcomes whose resonance was known when they were forecast
    n_blocks: int  # days of the second half
    tried: float  # the λ that the first half liked best
    gain_bps: float | None  # per outcome in the second half, with that λ against without
    gain_low: float | None
    p: float | None
    lam: float  # what may be used from now on: 0 until a gain is shown
    mean_resonance: float | None
