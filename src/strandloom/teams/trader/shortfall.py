"""What an order cost against its price at arrival, and what a taker order there would have cost: pure."""

from dataclasses import dataclass
from decimal import Decimal

from strandloom.kinds.plan import Side
from strandloom.scoring.costs import CostModel

BPS = 10_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Taker:
    """A taker order at arrival, as it is modelled: the yardstick that is written down beforehand."""

    crossing_bps: float  # half the spread and the slippage
    fee_bps: float

    @property
    def cost_bps(self) -> float:
        return self.crossing_bps + self.fee_bps


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """In basis points of the arrival price; costs above zero are worse for us."""

    share: float  # of what was wanted, how much was filled
    slippage_bps: float | None  # of the filled part
    fee_bps: float | None
    saved_bps: float  # net: what a taker order at arrival would have cost more, unfilled part included
    gross_bps: float  # the same without fees

    @property
    def cost_bps(self) -> float | None:
        """Slippage and fee of the filled part."""
        if self.slippage_bps is None or self.fee_bps is None:
            return None
        return self.slippage_bps + self.fee_bps


def taker(costs: CostModel, half_spread_bps: float, slippage_bps: float) -> Taker:
    """The yardstick under a cost model."""
    cost_bps = costs.taker_bps(half_spread_bps, slippage_bps)
    return Taker(crossing_bps=cost_bps - costs.taker_fee_bps, fee_bps=costs.taker_fee_bps)


def worse_bps(side: Side, price: Decimal | float, reference: Decimal | float) -> float:
    """How much worse than the reference a price is for that side; below zero it is better."""
    away = (float(price) - float(reference)) / float(reference) * BPS
    return away if side == "buy" else -away


def shortfall(
    side: Side,
    wanted: Decimal,
    filled: Decimal,
    average_price: Decimal | None,
    fee_usd: Decimal,
    arrival: Decimal,
    later: Decimal,
    yardstick: Taker,
) -> Shortfall:
    """What is not filled counts as bought by a taker order at the later price."""
    share = min(float(filled / wanted), 1.0) if wanted else 0.0
    slippage_bps = fee_bps = None
    paid_gross_bps = paid_fee_bps = 0.0
    if filled and average_price is not None:
        slippage_bps = worse_bps(side, average_price, arrival)
        fee_bps = float(fee_usd / (filled * average_price)) * BPS
        paid_gross_bps, paid_fee_bps = share * slippage_bps, share * fee_bps
    missed = 1.0 - share
    paid_gross_bps += missed * (worse_bps(side, later, arrival) + yardstick.crossing_bps)
    gross_bps = yardstick.crossing_bps - paid_gross_bps
    saved_bps = gross_bps + yardstick.fee_bps - paid_fee_bps - missed * yardstick.fee_bps
    return Shortfall(
        share=share, slippage_bps=slippage_bps, fee_bps=fee_bps, saved_bps=saved_bps, gross_bps=gross_bps
    )
