"""How the account stands from minute to minute: the day, unit value, streaks, and results per symbol."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from strandloom.basics.quick import changed, quick
from strandloom.risk.limits import Limits
from strandloom.risk.values import ZERO, Halted

RESULT_DAYS = 30
COUNTED_BACK = 63
Levels = Mapping[str, int]
Results = Mapping[str, Mapping[str, Decimal]]


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the gate must remember.  Flows buy or redeem units: a deposit is neither gain nor loss."""

    equity_usd: Decimal
    flows_usd: Decimal
    units: Decimal
    high_water: Decimal
    day: date
    day_start_usd: Decimal
    losing_streak: int = 0
    last_loss_at: datetime | None = None
    results: Results = field(default_factory=dict)  # day → symbol → closed result
    closed_usd: Mapping[str, Decimal] = field(default_factory=dict)  # symbol → the sum of its results
    open_usd: Mapping[str, Decimal] = field(default_factory=dict)  # symbol → open result
    probation: Levels = field(default_factory=dict)
    no_entry_since: Mapping[str, date] = field(default_factory=dict)
    level_since: Mapping[str, date] = field(default_factory=dict)  # of every symbol on probation
    counted: tuple[str, ...] = ()  # the newest closed trades, so that none counts twice

    @property
    def unit_value(self) -> Decimal:
        return self.equity_usd / self.units if self.units > 0 else ZERO

    def result_30d(self) -> dict[str, Decimal]:
        """Closed and open result per symbol over the last market days."""
        total = dict(self.closed_usd)
        for symbol, usd in self.open_usd.items():
            total[symbol] = total.get(symbol, ZERO) + usd
        return total


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One look at the account."""

    at: datetime
    equity_usd: Decimal
    flows_usd: Decimal
    open_usd: Mapping[str, Decimal]


def begin(mark: Mark) -> Standing:
    """The first look: one unit per dollar."""
    return Standing(
        equity_usd=mark.equity_usd,
        flows_usd=mark.flows_usd,
        units=max(mark.equity_usd, Decimal(1)),
        high_water=Decimal(1),
        day=mark.at.date(),
        day_start_usd=mark.equity_usd,
        open_usd=dict(mark.open_usd),
    )


def advance(before: Standing, mark: Mark, limits: Limits) -> Standing:
    """The standing after another look; what stays the same stays the very same value."""
    flows, units, day_start = before.flows_usd, before.units, before.day_start_usd
    if mark.flows_usd != flows:
        flowed, flows = mark.flows_usd - flows, mark.flows_usd
        day_start += flowed
        if before.unit_value > 0:
            units = max(units + flowed / before.unit_value, ZERO)
    day, results, closed_usd = before.day, before.results, before.closed_usd
    if mark.at.date() != day:
        day, day_start = mark.at.date(), mark.equity_usd
        results = _recent(results, day)
        closed_usd = sums(results)
    unit_value = mark.equity_usd / units if units > 0 else ZERO
    after = Standing(
        equity_usd=mark.equity_usd,
        flows_usd=flows,
        units=units,
        high_water=max(before.high_water, unit_value),
        day=day,
        day_start_usd=day_start,
        losing_streak=before.losing_streak,
        last_loss_at=before.last_loss_at,
        results=results,
        closed_usd=closed_usd,
        open_usd=mark.open_usd,
        probation=before.probation,
        no_entry_since=before.no_entry_since,
        level_since=before.level_since,
        counted=before.counted,
    )
    return _judge_symbols(after, limits)


def closed(before: Standing, symbol: str, usd: Decimal, at: datetime, trade: str) -> Standing:
    """The standing after a trade closed with that net result; the same trade counts once."""
    if trade in before.counted:
        return before
    day = at.date().isoformat()
    lost = usd < 0
    return changed(
        before,
        results={**before.results, day: _with(before.results.get(day, {}), symbol, usd)},
        closed_usd=_with(before.closed_usd, symbol, usd),
        losing_streak=before.losing_streak + 1 if lost else 0,
        last_loss_at=at if lost else before.last_loss_at,
        counted=(*before.counted[-COUNTED_BACK:], trade),
    )


def release_drawdown(before: Standing) -> Standing:
    """A person's release: the high-water mark is the present value."""
    return changed(before, high_water=before.unit_value)


def release_symbol(before: Standing, symbol: str) -> Standing:
    """One level of probation less."""
    level = max(before.probation.get(symbol, 0) - 1, 0)
    since = {name: day for name, day in before.no_entry_since.items() if name != symbol}
    results = {
        day: {name: usd for name, usd in of_day.items() if name != symbol}
        for day, of_day in before.results.items()
    }
    return changed(
        before,
        probation={**before.probation, symbol: level},
        no_entry_since=since,
        results=results,
        closed_usd=sums(results),
    )


def sums(results: Results) -> dict[str, Decimal]:
    """Closed result per symbol over all days."""
    total: dict[str, Decimal] = {}
    for of_day in results.values():
        for symbol, usd in of_day.items():
            total[symbol] = total.get(symbol, ZERO) + usd
    return total


def halts_due(standing: Standing, limits: Limits) -> tuple[Halted, ...]:
    """The circuit breakers that this standing trips."""
    due = []
    if standing.day_start_usd > 0:
        lost = (standing.day_start_usd - standing.equity_usd) / standing.day_start_usd * 100
        if lost >= limits.losses.daily_percent:
            due.append(Halted(rule="daily_loss", reason=f"lost {lost:.2f} % of the day's first equity"))
    if standing.high_water > 0:
        below = (standing.high_water - standing.unit_value) / standing.high_water * 100
        if below >= limits.losses.drawdown_percent:
            due.append(Halted(rule="drawdown", reason=f"{below:.2f} % below the high-water mark"))
    return tuple(due)


def hibernating(standing: Standing, limits: Limits) -> tuple[str, ...]:
    """Symbols that have stood without entries so long that somebody should decide about them."""
    if not standing.no_entry_since:
        return ()
    patience = timedelta(days=limits.probation.hibernation_days)
    return tuple(
        s for s, since in sorted(standing.no_entry_since.items()) if standing.day - since >= patience
    )


def _judge_symbols(standing: Standing, limits: Limits) -> Standing:
    """Levels of probation only rise here; they fall by a release."""
    if standing.equity_usd <= 0:
        return standing
    results, known = standing.result_30d(), standing.probation
    risen: dict[str, int] = {}
    for symbol, usd in results.items():
        level = _level(usd / standing.equity_usd * 100, limits)
        if level > known.get(symbol, 0):
            risen[symbol] = level
    if not risen and not known:
        return standing
    probation = {**known, **risen}
    barred = [s for s in results if probation.get(s) == 3 and s not in standing.no_entry_since]
    if not risen and not barred:
        return standing
    return changed(
        standing,
        probation=probation,
        no_entry_since={**standing.no_entry_since, **dict.fromkeys(barred, standing.day)},
        level_since={**standing.level_since, **dict.fromkeys(risen, standing.day)},
    )


def _level(share: Decimal, limits: Limits) -> int:
    """What a result, in percent of equity, comes to."""
    bounds = limits.probation
    return (
        (share < bounds.half_size_below)
        + (share < bounds.quarter_size_below)
        + (share < bounds.no_entry_below)
    )


def _with(total: Mapping[str, Decimal], symbol: str, usd: Decimal) -> dict[str, Decimal]:
    return {**total, symbol: total.get(symbol, ZERO) + usd}


def _recent(results: Results, today: date) -> Results:
    oldest = (today - timedelta(days=RESULT_DAYS - 1)).isoformat()
    return {day: of_day for day, of_day in results.items() if day >= oldest}
