"""How a venue has executed our orders, from its running sums: pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from strandloom.kinds.execution import VenuePerformance
from strandloom.scoring.evidence import HALF_LIFE_S
from strandloom.teams.trader.ended import EPOCH_S

HALVING_BPS = 20.0  # a venue that costs so much is worth half of one that costs nothing


def venue_performance(sums: Mapping[str, Any], now: datetime) -> VenuePerformance:
    """From a row of `execution.venues` with at least one order."""
    orders = max(sums["orders"], 1.0)
    fill_rate = min(sums["share"] / orders, 1.0)
    doubtful = min(sums["doubted"] / orders, 1.0)
    slippage_bps, fee_bps = (_per(sums[name], sums["executed"]) for name in ("slippage_bps", "fee_bps"))
    cost_bps = slippage_bps + fee_bps if slippage_bps is not None and fee_bps is not None else None
    score = fill_rate * (1.0 - doubtful) / (1.0 + max(cost_bps or 0.0, 0.0) / HALVING_BPS)
    cost = f"{cost_bps:.1f} bps a side" if cost_bps is not None else "no fills yet"
    return VenuePerformance(
        venue=sums["key"],
        orders=int(sums["orders"]),
        recent_orders=sums["weight"] * 2.0 ** (-(now.timestamp() - EPOCH_S) / HALF_LIFE_S),
        fill_rate=fill_rate,
        rejected_share=min(sums["rejected"] / orders, 1.0),
        doubtful_share=doubtful,
        cost_bps=cost_bps,
        slippage_bps=slippage_bps,
        fee_bps=fee_bps,
        saved_bps=_per(sums["saved_bps"], sums["measured"]),
        to_acknowledge_s=_per(sums["answer_s"], sums["answered"]),
        score=score,
        because=f"{fill_rate:.0%} filled, {doubtful:.0%} in doubt for a while, {cost}",
    )


def _per(total: float, count: float) -> float | None:
    return total / count if count else None
