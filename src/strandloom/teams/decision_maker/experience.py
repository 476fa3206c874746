"""What trading really costs: measured where there is enough, leaning on the model where there is little."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from strandloom.basics.quick import quick

KAPPA = 8.0  # orders that the model's word is worth


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What an order of this kind is expected to do."""

    cost_bps: float  # one side
    fill_probability: float
    held_share: float  # of the planned holding time
    orders: int  # measured ones behind it

    @property
    def measured(self) -> bool:
        return self.orders >= KAPPA


def expected(sums: Mapping[str, Any] | None, model_bps: float) -> Expected:
    """The model's word and what was measured, weighed by how much was measured.

    `sums` is the row of `execution.sums` for this way of sending, None where no order ever went so.
    """
    if sums is None:
        return Expected(cost_bps=model_bps, fill_probability=1.0, held_share=1.0, orders=0)
    paid_bps = sums["slippage_bps"] + sums["fee_bps"]
    return Expected(
        cost_bps=_lean(model_bps, paid_bps, sums["executed"]),
        fill_probability=min(max(_lean(1.0, sums["share"], sums["orders"]), 0.0), 1.0),
        held_share=min(max(_lean(1.0, sums["held_share"], sums["trades"]), 0.05), 1.0),
        orders=int(sums["executed"]),
    )


def _lean(model: float, total: float, count: float) -> float:
    return (KAPPA * model + total) / (KAPPA + count)
