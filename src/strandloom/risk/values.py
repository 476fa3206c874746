"""What the rules speak of: an ask, the situation it meets, and the answer a rule gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from strandloom.basics.once import Keeps, once
from strandloom.basics.quick import maker, quick

ZERO = Decimal(0)
Number = Decimal | float | int


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Ask(Keeps):
    """A plan as the gate judges it, or an order to close."""

    plan: str
    idea: str
    symbol: str
    buys: bool
    quantity: Decimal
    price: Decimal  # the worst price at which it may be entered
    stop: Decimal | None
    take_profit: Decimal | None = None
    reduces_only: bool = False
    exploration: bool = False
    by_person: bool = False
    confidence: float | None = None
    expected_net_bps: float = 0.0
    cost_bps: float = 0.0
    holding_s: int = 3_600
    replaces: str | None = None  # the plan whose place it takes

    @once
    def notional_usd(self) -> Decimal:
        return self.quantity * self.price

    @once
    def signed_usd(self) -> Decimal:
        return self.notional_usd if self.buys else -self.notional_usd

    @once
    def risk_usd(self) -> Decimal:
        """What is lost if the stop fills at its price; all of it where there is no stop."""
        if self.stop is None:
            return self.notional_usd
        distance = self.price - self.stop if self.buys else self.stop - self.price
        return self.quantity * max(distance, ZERO)


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """One open position, or one approved plan that may still become one (then `claimed`)."""

    plan: str
    idea: str
    symbol: str
    signed_usd: Decimal
    risk_usd: Decimal
    exploration: bool = False
    claimed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Halted:
    """A stop of all trading (symbol None) or of one symbol, and the rule that called it."""

    rule: str
    symbol: str | None = None
    reason: str = ""


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Account(Keeps):
    """How we stand: a projection of order and position strands."""

    equity_usd: Decimal
    day_start_usd: Decimal  # equity at 00:00 UTC, adjusted for flows since
    unit_value: Decimal = Decimal(1)  # equity per unit, so that deposits are no gain
    high_water: Decimal = Decimal(1)  # highest unit value since the last release
    exposures: tuple[Exposure, ...] = ()
    resting_orders: int = 0
    halts: tuple[Halted, ...] = ()
    losing_streak: int = 0
    last_loss_at: datetime | None = None
    approved_at: tuple[datetime, ...] = ()  # approvals of the last hour
    probes_at: tuple[datetime, ...] = ()  # those of them that were probes
    in_doubt: frozenset[str] = frozenset()  # symbols with an order whose fate is unknown
    unexplained: frozenset[str] = frozenset()  # symbols where books and venue differ
    probation: Mapping[str, int] = field(default_factory=dict)  # per symbol: level 0..3

    @once
    def gross_usd(self) -> Decimal:
        return sum((abs(e.signed_usd) for e in self.exposures), ZERO)

    @once
    def net_usd(self) -> Decimal:
        return sum((e.signed_usd for e in self.exposures), ZERO)

    @once
    def risk_usd(self) -> Decimal:
        return sum((e.risk_usd for e in self.exposures), ZERO)

    @once
    def probe_risk_usd(self) -> Decimal:
        return sum((e.risk_usd for e in self.exposures if e.exploration), ZERO)

    @once
    def by_symbol(self) -> Mapping[str, Decimal]:
        """Signed exposure per symbol."""
        total: dict[str, Decimal] = {}
        for e in self.exposures:
            total[e.symbol] = total.get(e.symbol, ZERO) + e.signed_usd
        return total

    @once
    def ideas(self) -> Mapping[str, str]:
        """Ideas that are live, and the plan that holds each."""
        return {e.idea: e.plan for e in self.exposures}


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """What is known of the asked symbol's market; what is not known is None and fails closed."""

    now: datetime
    mid: Decimal | None
    bar_age_s: float | None  # since the newest closed bar ended
    quote_age_s: float | None
    spread_bps: float | None
    minute_volume_usd: float | None  # mean of the last hour
    sd_bps: float | None  # of a minute, last hour
    sd_norm_bps: float | None  # of a minute, last day
    funding_hourly: float | None = 0.0
    gap: bool = False
    venue_healthy: bool = False
    lot: Decimal = Decimal("0.00001")
    smallest_usd: Decimal = Decimal(10)
    leverage_limit: int = 1
    correlation: Mapping[str, float] = field(default_factory=dict)  # of returns, to other symbols


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one rule says, with its limit, what it met, and the unit of both."""

    rule: str
    approved: bool
    limit: Number | str
    value: Number | str
    unit: str
    why: str = ""


says = maker(Answer)


def at_most(rule: str, value: Number | None, limit: Number, unit: str, why: str = "") -> Answer:
    """Approved while the value is known and not above the limit."""
    if value is None:
        return unknown(rule, limit, unit)
    return says(rule=rule, approved=value <= limit, limit=limit, value=value, unit=unit, why=why)


def at_least(rule: str, value: Number | None, limit: Number, unit: str, why: str = "") -> Answer:
    """Approved while the value is known and not below the limit."""
    if value is None:
        return unknown(rule, limit, unit)
    return says(rule=rule, approved=value >= limit, limit=limit, value=value, unit=unit, why=why)


def unknown(rule: str, limit: Number | str, unit: str) -> Answer:
    """What cannot be known is refused."""
    return says(rule=rule, approved=False, limit=limit, value="unknown", unit=unit, why="fails closed")


def share(part: Decimal, whole: Decimal) -> Decimal | None:
    """A part in percent of a whole; None where the whole is nothing."""
    return part / whole * 100 if whole > 0 else None
