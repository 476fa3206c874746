"""`pattern` and `overview`: what the raw-data team sees in the market.

`pattern` is posted by the detectors of raw_data, once when it begins, again when it really changes, and when
it ends.  raw_data.forecaster reads it and adds a `prediction`; so do CIL and people.  `overview` is posted by
raw_data.overview, once in every minute in which a pattern began or ended, and read by CIL.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from strandloom.kinds.prediction import Direction
from strandloom.kinds.registry import Body, kind

Phase = Literal["onset", "update", "end"]


@kind(
    "pattern",
    posted_by="raw_data.*",
    read_by="raw_data.forecaster, cil, people",
    tags=("raw_data:pattern:<family>:<name>", "raw_data:<phase>", "cil:pattern"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern(Body):
    """Something that stands out, for as long as it lasts: one onset, updates, one end."""

    name: str  # family.what
    version: int
    symbol: str
    timeframe: str
    phase: Phase
    direction: Direction | None  # None: a state of the market that says nothing of where it goes
    strength_sd: float  # how far out it is, in standard deviations
    since: datetime  # when it began
    duration_min: int
    onset: UUID | None  # the strand of its beginning; None in that strand itself
    price: float | None  # last close; None in the end of one whose bars have stopped
    horizon_min: int  # how long it is expected to matter
    target: float | None
    invalidation: float | None  # at this price it was wrong
    features: dict[str, float]  # what led to it
    other: str | None = None  # the symbol that it follows


@kind(
    "overview",
    posted_by="raw_data.overview",
    read_by="cil, people",
    starts_lifecycle=True,
    tags=("raw_data:overview", "cil:overview"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Overview(Body):
    """All patterns of one cycle.  A signature names what stands together on one symbol."""

    minute: datetime  # the closed minute
    timeframes: tuple[str, ...]  # whose bars closed with it
    began: tuple[str, ...]  # `BTC volume.spike:up@1m`
    ended: tuple[str, ...]
    active: int  # patterns that stand at the end of the cycle
    signatures: dict[str, str]  # symbol → `momentum.trend:up@5m + volume.spike:up@1m`
    text: str = ""
    writer: str = "rule"
