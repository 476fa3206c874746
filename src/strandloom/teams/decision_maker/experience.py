"""What trading really costs: measured where there is enough, leaning on the model where there is little."""

from collections.abc import Iterable
from dataclasses import dataclass

from strandloom.kinds.performance import PerformanceAnalysis, Style, Volatility
from strandloom.scoring.costs import CostModel

KAPPA = 8.0  # orders that the model's word is worth
REMEMBERED = 500


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


def expected(
    analyses: Iterable[PerformanceAnalysis],
    venue: str,
    style: Style,
    volatility: Volatility,
    costs: CostModel,
    half_spread_bps: float,
    slippage_bps: float,
) -> Expected:
    """The model's word and what was measured, weighed by how much was measured."""
    model = costs.maker_bps() if style == "maker" else costs.taker_bps(half_spread_bps, slippage_bps)
    mine = [a for a in analyses if (a.venue, a.style, a.volatility) == (venue, style, volatility)]
    paid = [
        a.slippage_arrival_bps + a.fee_bps
        for a in mine
        if a.slippage_arrival_bps is not None and a.fee_bps is not None
    ]
    filled = [float(a.filled / a.wanted) for a in mine if a.wanted > 0]
    held = [a.held_s / a.expected_held_s for a in mine if a.held_s is not None and a.expected_held_s]
    return Expected(
        cost_bps=_lean(model, paid),
        fill_probability=min(max(_lean(1.0, filled), 0.0), 1.0),
        held_share=min(max(_lean(1.0, held), 0.05), 1.0),
        orders=len(paid),
    )


def _lean(model: float, measured: list[float]) -> float:
    return (KAPPA * model + sum(measured)) / (KAPPA + len(measured))
