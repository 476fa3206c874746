"""What a way of sending orders has come to, as a statement that can be wrong: pure."""

from collections.abc import Mapping
from math import sqrt
from typing import Any

from scipy.special import stdtr

from strandloom.kinds.execution import ExecutionLearning
from strandloom.kinds.performance import PerformanceAnalysis
from strandloom.kinds.predicate import AllOf, KindIs, Predicate, ScopeIn
from strandloom.scoring.evidence import SD_FLOOR_BPS

FIRST = 8  # orders; from then on, whenever there are twice as many
SURE = 0.9


def is_due(sums: Mapping[str, Any]) -> bool:
    """Is there twice as much evidence as when something was last learnt?"""
    return bool(sums["measured"] >= max(FIRST, 2 * sums["learnt"]))


def learning(order: PerformanceAnalysis, sums: Mapping[str, Any]) -> ExecutionLearning:
    """From the sums of the way in which the order was sent."""
    orders = int(sums["measured"])
    mean_bps = sums["saved_bps"] / orders
    variance = max(sums["saved_sq"] - orders * mean_bps * mean_bps, 0.0) / (orders - 1)
    sd_bps = max(sqrt(variance), SD_FLOOR_BPS)
    confidence = float(stdtr(orders - 1, abs(mean_bps) / (sd_bps / sqrt(orders))))
    sign = "saves" if mean_bps > 0 else "costs"
    return ExecutionLearning(
        lesson_type=sign if confidence >= SURE else "undecided",  # type: ignore[arg-type]
        predicate=predicate(order),
        venue=order.venue,
        style=order.style,
        volatility=order.volatility,
        orders=orders,
        mean_saved_bps=mean_bps,
        sd_bps=sd_bps,
        fill_rate=min(sums["share"] / sums["orders"], 1.0),
        confidence=confidence,
        evidence=tuple(sums["newest"]),
    )


def predicate(order: PerformanceAnalysis) -> Predicate:
    """The way of sending in the grammar of lessons."""
    return AllOf(
        predicates=(
            KindIs(kind="execution"),
            ScopeIn(scope="style", names=(order.style,)),
            ScopeIn(scope="volatility", names=(order.volatility,)),
            ScopeIn(scope="venue", names=(order.venue,)),
        )
    )
