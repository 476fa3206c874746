"""The gate: every rule answers, and one no is a no."""

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter

from strandloom.risk.limits import Limits
from strandloom.risk.rules import (
    blackout,
    concentration,
    confidence,
    correlated_exposure,
    daily_loss,
    drawdown,
    duplicate_plan,
    freshness,
    funding_cost,
    gross_exposure,
    kill_switch,
    leverage,
    liquidity,
    losing_streak,
    net_exposure,
    one_position,
    open_orders,
    plans_per_hour,
    position_size,
    price_band,
    probation,
    probe,
    reward_to_cost,
    risk_budget,
    spread,
    trade_risk,
    venue_health,
    venue_limits,
    volatility_halt,
)
from strandloom.risk.values import Account, Answer, Ask, Market

Rule = Callable[[Ask, Account, Market, Limits], Answer]

CLOSING: dict[str, Rule] = {"price_band": price_band.check, "venue_limits": venue_limits.check}
SKIPPED_BY_PROBES = frozenset({"confidence", "reward_to_cost"})
OPENING: dict[str, Rule] = {
    "kill_switch": kill_switch.check,
    "venue_health": venue_health.check,
    "freshness": freshness.check,
    "blackout": blackout.check,
    "daily_loss": daily_loss.check,
    "drawdown": drawdown.check,
    "losing_streak": losing_streak.check,
    "probation": probation.check,
    "duplicate_plan": duplicate_plan.check,
    "one_position": one_position.check,
    "plans_per_hour": plans_per_hour.check,
    "open_orders": open_orders.check,
    "confidence": confidence.check,
    "reward_to_cost": reward_to_cost.check,
    "funding_cost": funding_cost.check,
    "volatility_halt": volatility_halt.check,
    "spread": spread.check,
    "liquidity": liquidity.check,
    "trade_risk": trade_risk.check,
    "risk_budget": risk_budget.check,
    "probe": probe.check,
    "position_size": position_size.check,
    "gross_exposure": gross_exposure.check,
    "net_exposure": net_exposure.check,
    "leverage": leverage.check,
    "correlated_exposure": correlated_exposure.check,
    "concentration": concentration.check,
    **CLOSING,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """Every rule agreed."""

    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """At least one rule did not; all of those are named."""

    answers: tuple[Answer, ...]

    @property
    def failed(self) -> tuple[Answer, ...]:
        return tuple(answer for answer in self.answers if not answer.approved)


def judge(ask: Ask, account: Account, market: Market, limits: Limits) -> Approved | Refused:
    """What the gate says.  What can only reduce a position meets price band and venue limits alone."""
    answers = tuple([rule(ask, account, market, limits) for rule in _rules_for(ask).values()])
    if all(map(approves, answers)):
        return Approved(answers=answers)
    return Refused(answers=answers)


approves = attrgetter("approved")
_PROBING = {name: rule for name, rule in OPENING.items() if name not in SKIPPED_BY_PROBES}


def _rules_for(ask: Ask) -> dict[str, Rule]:
    if ask.reduces_only:
        return CLOSING
    return _PROBING if ask.exploration else OPENING
