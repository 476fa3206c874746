"""`uncertainty`: what the raw-data team or the Trader is not sure of, and what would settle it.

Posted by raw_data.uncertainty and trader.analyser, once per open question however often it comes up, and
again when it is settled or runs out; what runs out of the Trader's is told by trader.reporter.  Read by the
Decision Maker (as a reason to look, never to risk more) and by CIL.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from strandloom.kinds.registry import Body, kind

Doubt = Literal[
    "low_confidence",  # the evidence says neither yes nor no
    "too_few_data",  # there is hardly any evidence
    "contradiction",  # patterns of one symbol point both ways
    "regime_boundary",  # a pattern began while the regime was about to switch
    "novelty",  # features are where they have not been for a while
    "data_stopped",  # a symbol's bars do not come
    "missing_input",  # the feed never has it; said once
    "few_executions",  # hardly any order was ever sent this way
    "order_in_doubt",  # nobody knows whether the venue has an order
    "outside_interval",  # a trade or an order came to what was not thought possible
]


@kind(
    "uncertainty",
    posted_by="raw_data.uncertainty, trader.analyser, trader.reporter",
    read_by="decision_maker, cil, people",
    tags=(
        "raw_data:uncertainty:<type>",
        "trader:uncertainty:<type>",
        "raw_data:<phase>",
        "cil:uncertainty",
        "dm:exploration",
    ),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Uncertainty(Body):
    """An open question, or how one was closed."""

    doubt: Doubt
    subject: str  # what it is about: a pattern, a regime, an input
    symbol: str | None
    phase: Literal["raised", "resolved", "unresolved"]
    priority: float  # 0..1: what to look at first
    raised_at: datetime
    expires_at: datetime
    resolves_by: str  # what would settle it
    reason: str  # what raised it, or what settled it, in numbers
    raised: UUID | None  # the strand that raised it; None in that strand itself
