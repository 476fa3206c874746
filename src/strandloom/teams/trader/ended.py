"""What an order came to: its analysis, its one execution outcome, and what the running sums gain; pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from strandloom.blackboard.strand import Write
from strandloom.kinds.order import OrderStatus
from strandloom.kinds.performance import PerformanceAnalysis
from strandloom.kinds.prediction import Outcome
from strandloom.scoring.evidence import HALF_LIFE_S
from strandloom.teams.trader.combination import Combination
from strandloom.teams.trader.shortfall import Shortfall, Taker, shortfall, worse_bps

OVER = ("filled", "cancelled", "rejected", "expired")
GUARDS = ("stop", "take_profit")
EPOCH_S = 1_577_836_800  # weights grow from 2020 on; only their ratio to now matters


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """An order that is over, with the row that was written when it was wanted."""

    row: Mapping[str, Any]
    status: OrderStatus
    wanted: Decimal  # less than asked for, where the rest was taken back or goes on in another order
    later: Decimal  # what the unfilled part costs now
    at: datetime
    result: Shortfall | None  # None: what a taker order would have cost is not known

    @property
    def way(self) -> Combination:
        return way_of(self.row)

    @property
    def is_withdrawn(self) -> bool:
        """Nothing was wanted of it in the end: nothing can be said of it."""
        return self.wanted <= 0


def ended(row: Mapping[str, Any], status: OrderStatus, later: Decimal | None, at: datetime) -> Ended:
    """Guards that go with their position, and parts whose rest goes on, were wanted as far as they filled.

    So was an order that was given up before it was sent.  What the venue refused is counted, but says nothing
    of what such orders cost.
    """
    arrival = Decimal(str(row["arrival"]))
    never_sent = status.oid is None and status.state in ("cancelled", "expired")
    goes_on = status.more or status.leg in GUARDS or never_sent
    wanted = status.filled if goes_on else Decimal(str(row["quantity"]))
    order = Ended(row=row, status=status, wanted=wanted, later=later or arrival, at=at, result=None)
    if row["crossing_bps"] is None or order.is_withdrawn or status.state == "rejected":
        return order
    result = shortfall(
        status.side,
        wanted,
        status.filled,
        status.average_price,
        status.fee_usd,
        arrival,
        order.later,
        Taker(crossing_bps=row["crossing_bps"], fee_bps=row["fee_bps"]),
    )
    return replace(order, result=result)


def way_of(row: Mapping[str, Any]) -> Combination:
    """How it was sent."""
    names = ("venue", "style", "volatility", "spread", "size")
    return Combination(**{name: row[name] for name in names})


def analysis(order: Ended, reference: Decimal | None) -> PerformanceAnalysis:
    """The strand; `reference` is the plan's price, for entries."""
    row, status, result = order.row, order.status, order.result
    priced = status.average_price if status.filled else None
    return PerformanceAnalysis(
        about="order",
        decision=UUID(str(row["decision"])),
        plan=UUID(str(row["plan"])) if row["plan"] else None,
        venue=row["venue"],
        symbol=row["symbol"],
        side=row["side"],
        style=row["style"],
        volatility=row["volatility"],
        wanted=order.wanted,
        filled=status.filled,
        arrival=Decimal(str(row["arrival"])),
        average_price=priced,
        slippage_arrival_bps=worse_bps(row["side"], priced, Decimal(str(row["arrival"]))) if priced else None,
        slippage_plan_bps=worse_bps(row["side"], priced, reference) if priced and reference else None,
        fee_bps=float(status.fee_usd / (status.filled * priced)) * 10_000.0 if priced else None,
        to_send_s=row["sent_s"],
        to_acknowledge_s=row["acknowledged_s"],
        to_fill_s=_seconds_to_fill(order),
        saved_bps=result.saved_bps if result else None,
        because=why(order),
        cloid=row["cloid"],
        leg=row["leg"],
        spread=row["spread"],
        size=row["size"],
        timeframe=row["timeframe"],
        half_spread_bps=row["half_spread_bps"],
        taker_bps=row["crossing_bps"] + row["fee_bps"] if row["crossing_bps"] is not None else None,
        p=row["p"],
        fees_usd=status.fee_usd,
    )


def outcome(order: Ended, cost_model: str) -> Outcome | None:
    """The execution outcome: a family of its own, never pooled with what patterns earned."""
    row, result = order.row, order.result
    if result is None:
        return None
    opened_at, way = _time(row["wanted_at"]), order.way
    priced = order.status.average_price if order.status.filled else None
    return Outcome(
        prediction=UUID(str(row["intent"])),
        family="execution",
        pattern=way.pattern,
        symbol=row["symbol"],
        timeframe=row["timeframe"],
        regime=way.regime,
        session=way.size,
        direction="up" if row["side"] == "buy" else "down",
        p=row["p"],
        p_base=row["p"],
        reference_rate=row["p_above"],
        r_bps=result.saved_bps,
        gross_bps=result.gross_bps,
        won=result.saved_bps > 0,
        opened_at=opened_at,
        closed_at=order.at,
        entry=float(row["arrival"]),
        exit=float(priced or order.later),
        closed_by="target" if result.share >= 1.0 else "expiry",
        cost_model=cost_model,
        horizon_s=max(int((order.at - opened_at).total_seconds()), 60),
    )


def end(order: Ended) -> Write:
    """The order's row ends, and the sums of its way of sending gain by it; once."""
    status, result = order.status, order.result
    values = {
        "cloid": order.row["cloid"],
        "state": status.state,
        "filled": str(status.filled),
        "average_price": str(status.average_price) if status.average_price is not None else None,
        "paid_usd": str(status.fee_usd),
        "slippage_bps": result.slippage_bps if result else None,
        "saved_bps": result.saved_bps if result else None,
        "closed_at": order.at.isoformat(),
        "sums": [] if order.is_withdrawn else [{"key": key, **_gain(order)} for key in order.way.keys],
    }
    return Write(name="execution.end", values=values)


def why(order: Ended) -> str:
    """In one sentence of numbers."""
    status, result = order.status, order.result
    if status.state == "rejected":
        return f"the venue refused it: {status.why}"
    if result is None:
        return "the market was too young to say what a taker order would have cost"
    taker_bps = order.row["crossing_bps"] + order.row["fee_bps"]
    filled = "" if result.share >= 1.0 else f"{result.share:.0%} filled, the rest at {order.later:f}: "
    cost_bps = taker_bps - result.saved_bps
    verb = "saved" if result.saved_bps >= 0 else "lost"
    told = f"{filled}cost {cost_bps:.1f} bps where a taker order at arrival costs {taker_bps:.1f}"
    return f"{told}: {verb} {abs(result.saved_bps):.1f} bps" + (f"; {status.why}" if status.why else "")


def _gain(order: Ended) -> dict[str, float]:
    row, status, result = order.row, order.status, order.result
    gain = {
        "orders": 1.0,
        "rejected": float(status.state == "rejected"),
        "doubted": float(row["doubted"] is not None),
        "share": float(min(status.filled / order.wanted, Decimal(1))),
        "weight": float(2.0 ** ((order.at.timestamp() - EPOCH_S) / HALF_LIFE_S)),
    }
    if row["acknowledged_s"] is not None:
        gain |= {"answered": 1.0, "answer_s": float(row["acknowledged_s"])}
    if result is not None:
        saved = result.saved_bps
        gain |= {"measured": 1.0, "wins": float(saved > 0), "saved_bps": saved, "saved_sq": saved * saved}
        if result.slippage_bps is not None and result.fee_bps is not None:
            gain |= {"executed": 1.0, "slippage_bps": result.slippage_bps, "fee_bps": result.fee_bps}
    return gain


def _seconds_to_fill(order: Ended) -> float | None:
    if not order.status.filled:
        return None
    filled_at = _time(order.row["filled_at"]) if order.row["filled_at"] else order.at
    return (filled_at - _time(order.row["wanted_at"])).total_seconds()


def _time(value: Any) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)
