"""trader.sentinel: says when what is open comes near a limit, and asks for a halt when it is reached."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from strandloom.blackboard.desk import Desk
from strandloom.blackboard.strand import NOTHING, Draft, Said, Strand
from strandloom.kinds.decision import HaltOrder
from strandloom.kinds.position import PositionTracking, RiskAlert
from strandloom.risk.limits import Limits
from strandloom.teams.trader.order import ZERO

NEAR_PERCENT = Decimal(80)  # of a limit
REACHED_PERCENT = Decimal(100)
ALERT = ("trader:risk_alert", "dm:risk_alert", "cil:risk_alert")
HALT = ("dm:halt", "trader:halt")
ACCOUNT = "main"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One limit and how much of it is used, in percent of equity or of where it began."""

    rule: str
    value: Decimal
    limit: Decimal
    what: str

    @property
    def used_percent(self) -> Decimal:
        return self.value / self.limit * 100


class Sentinel:
    """Told on the way up only: what was near before is not said again."""

    name = "trader.sentinel"
    reads = ("trader:position_tracking",)

    def __init__(self, limits: Callable[[], Limits]) -> None:
        self._limits = limits

    async def handle(self, strand: Strand, desk: Desk) -> Said:
        body = strand.body
        if not isinstance(body, PositionTracking) or body.equity_usd <= 0:
            return NOTHING
        rows = await desk.tables.look("risk.state", account=ACCOUNT)
        standing: Mapping[str, Any] = rows[0]["content"] if rows else {}
        limits = self._limits()
        near = [one for one in readings(body, standing, limits) if one.used_percent >= NEAR_PERCENT]
        if not near:
            return NOTHING
        told = await desk.board.latest("position_tracking", limit=2)
        last = next((one.body for one in told if one.id != strand.id), None)
        before = (
            {one.rule: one.used_percent for one in readings(last, standing, limits)}
            if isinstance(last, PositionTracking) and last.equity_usd > 0
            else {}
        )
        drafts = [draft for one in near for draft in _said(one, before.get(one.rule, ZERO))]
        return Said(drafts=tuple(drafts)) if drafts else NOTHING


def readings(body: PositionTracking, standing: Mapping[str, Any], limits: Limits) -> Iterator[Reading]:
    """How much of each limit is used now."""
    equity, account = body.equity_usd, limits.account
    exposures = (
        ("gross_exposure", body.gross_usd, account.gross_percent, "long and short together"),
        ("net_exposure", abs(body.net_usd), account.net_percent, "long less short"),
        (
            "correlated_exposure",
            body.correlated_usd if body.correlated_usd is not None else body.gross_usd,
            account.correlated_percent,
            "what moves together",
        ),
    )
    for rule, usd, limit, what in exposures:
        yield Reading(rule=rule, value=usd / equity * 100, limit=limit, what=f"{what}, % of equity")
    if standing:
        yield from _losses(body, standing, limits)


def _losses(body: PositionTracking, standing: Mapping[str, Any], limits: Limits) -> Iterator[Reading]:
    begun = Decimal(standing["day_start_usd"])
    if begun > 0:
        lost = (begun - body.equity_usd) / begun * 100
        what = "lost today, % of the day's first equity"
        yield Reading(rule="daily_loss", value=lost, limit=limits.losses.daily_percent, what=what)
    units, high = Decimal(standing["units"]), Decimal(standing["high_water"])
    if units > 0 and high > 0:
        below = (high - body.equity_usd / units) / high * 100
        what = "% below the high-water mark"
        yield Reading(rule="drawdown", value=below, limit=limits.losses.drawdown_percent, what=what)


def _said(one: Reading, before_percent: Decimal) -> Iterator[Draft]:
    """An alert when it comes near, another and a halt when it is reached."""
    for level, percent in (("near", NEAR_PERCENT), ("reached", REACHED_PERCENT)):
        if before_percent < percent <= one.used_percent:
            body = RiskAlert(
                rule=one.rule,
                level=level,  # type: ignore[arg-type]
                value=round(one.value, 4),
                limit=one.limit,
                what=one.what,
            )
            yield Draft(body=body, tags=ALERT)
    if before_percent < REACHED_PERCENT <= one.used_percent:
        reason = f"{one.value:.2f} against a limit of {one.limit}: {one.what}"
        yield Draft(body=HaltOrder(reason=reason, rule=one.rule, by="network"), tags=HALT)
