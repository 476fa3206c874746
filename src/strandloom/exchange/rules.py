"""The exchange's parameters, all in one place, shown by `/info`'s neighbours and in the docs."""

from dataclasses import dataclass, field

from strandloom.exchange.asset import MICRO


@dataclass(frozen=True, slots=True, kw_only=True)
class Depth:
    """How the synthetic book is drawn from the bars that are known: see docs/decisions/synthetic-book.md."""

    levels: int = 20
    memory_bars: int = 32  # the averages of range and volume forget with this length
    spread_permille: int = 100  # whole spread, in thousandths of the average one-minute range
    touch_permille: int = 20  # lots at the touch, in thousandths of the average one-minute volume
    growth_pct: int = 25  # each level behind holds so much of the touch more


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What one exchange instance does; the defaults are the venue's where it publishes them."""

    taker_fee: int = 450  # millionths of notional
    maker_fee: int = 150
    volume_share_pct: int = 10  # of a bar's volume, at most so much fills resting orders
    min_order_usd: int = 10 * MICRO
    default_leverage: int = 20
    max_open_orders: int = 1_000  # and one more per 5 million dollars traded, up to 5 000
    far_below_pct: int = 20  # a price must be above this share of the mark ...
    far_above_pct: int = 500  # ... and not above this one
    oracle_pct: int = 50  # an order may be at most so much more aggressive than the oracle
    trigger_slippage_pct: int = 10
    schedule_volume_usd: int = 1_000_000 * MICRO
    schedules_per_day: int = 10
    partial_liquidation_usd: int = 100_000 * MICRO  # positions above are liquidated in a fifth first
    cool_down_ms: int = 30_000  # after which a fifth comes first again
    depth: Depth = field(default_factory=Depth)

    def told(self) -> str:
        """How fills are decided here, in one line for people."""
        depth = self.depth
        wide, deep = depth.spread_permille / 10, depth.touch_permille / 10
        return (
            f"a minute fills at most {self.volume_share_pct} % of its volume; the book has {depth.levels} "
            f"levels a side, {wide:g} % of the average range between them, "
            f"and {deep:g} % of the average volume at the touch"
        )
