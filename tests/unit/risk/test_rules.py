"""Every rule by name: the largest input that passes it and the smallest that trips it."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from strandloom.risk import gate
from strandloom.risk.limits import Blackout
from strandloom.risk.values import Halted
from tests.unit.risk.situations import LIMITS, NOON, a_market, an_account, an_ask, an_exposure, some_limits

D = Decimal
Situation = dict[str, Any]


def given(**parts: Any) -> Situation:
    """A situation by its parts: ask, account, market (dictionaries of changes) and limits."""
    return {
        "ask": an_ask(**parts.get("ask", {})),
        "account": an_account(**parts.get("account", {})),
        "market": a_market(**parts.get("market", {})),
        "limits": parts.get("limits", LIMITS),
    }


def held(*exposures: Any, **more: Any) -> dict[str, Any]:
    return {"account": {"exposures": exposures, **more}}


def ago(**since: float) -> Any:
    return NOON - timedelta(**since)


NIGHT = some_limits("pace", blackouts=(Blackout.parse("23:00-12:01"),))
MORNING = some_limits("pace", blackouts=(Blackout.parse("23:00-12:00"),))
SPIKE = an_exposure("BTC", 500, 5, plan="older", idea="BTC:buy:volume.spike")
PROBE = {"exploration": True, "stop": D(99), "quantity": D(50)}  # 50 USD of risk: 0.05 %

# rule: (passes, trips)
TABLE: dict[str, tuple[Situation, Situation]] = {
    "trade_risk": (given(ask={"stop": D(60)}), given(ask={"stop": D("59.99")})),
    "position_size": (given(ask={"quantity": D(100)}), given(ask={"quantity": D("100.001")})),
    "gross_exposure": (
        given(**held(an_exposure("ETH", -95_000))),
        given(**held(an_exposure("ETH", -95_001))),
    ),
    "net_exposure": (given(**held(an_exposure("ETH", 55_000))), given(**held(an_exposure("ETH", 55_001)))),
    "leverage": (
        given(**held(an_exposure("ETH", -95_000)), market={"leverage_limit": 1}),
        given(**held(an_exposure("ETH", -95_001)), market={"leverage_limit": 1}),
    ),
    "correlated_exposure": (
        given(**held(an_exposure("ETH", 50_000)), market={"correlation": {"ETH": 0.7}}),
        given(**held(an_exposure("ETH", 50_002)), market={"correlation": {"ETH": 0.7}}),
    ),
    "concentration": (
        given(**held(an_exposure("ETH", 35_000), an_exposure("BTC", 30_000))),
        given(**held(an_exposure("ETH", 34_999), an_exposure("BTC", 30_000))),
    ),
    "open_orders": (given(account={"resting_orders": 49}), given(account={"resting_orders": 50})),
    "risk_budget": (given(**held(an_exposure(risk=5_900))), given(**held(an_exposure(risk="5900.01")))),
    "daily_loss": (
        given(account={"day_start_usd": D("111111.11")}),
        given(account={"day_start_usd": D("111111.12")}),
    ),
    "drawdown": (given(account={"high_water": D("1.2499")}), given(account={"high_water": D("1.25")})),
    "losing_streak": (
        given(account={"losing_streak": 5, "last_loss_at": ago(minutes=120)}),
        given(account={"losing_streak": 5, "last_loss_at": ago(minutes=119)}),
    ),
    "volatility_halt": (given(market={"sd_bps": 20.0}), given(market={"sd_bps": 20.001})),
    "spread": (given(market={"spread_bps": 25.0}), given(market={"spread_bps": 25.01})),
    "liquidity": (
        given(market={"minute_volume_usd": 100_000.0}),
        given(market={"minute_volume_usd": 99_999.0}),
    ),
    "freshness": (given(market={"bar_age_s": 150}), given(market={"bar_age_s": 151})),
    "venue_health": (given(market={"venue_healthy": True}), given(market={"venue_healthy": False})),
    "price_band": (
        given(ask={"price": D(103), "stop": D(102)}),
        given(ask={"price": D("103.01"), "stop": D(102)}),
    ),
    "reward_to_cost": (given(ask={"expected_net_bps": 7.5}), given(ask={"expected_net_bps": 7.49})),
    "confidence": (given(ask={"confidence": 0.7001}), given(ask={"confidence": 0.7})),
    "funding_cost": (given(market={"funding_hourly": 0.001}), given(market={"funding_hourly": 0.00101})),
    "blackout": (given(limits=MORNING), given(limits=NIGHT)),
    "plans_per_hour": (
        given(account={"approved_at": (ago(minutes=59),) * 29 + (ago(minutes=60),)}),
        given(account={"approved_at": (ago(minutes=59),) * 30}),
    ),
    "duplicate_plan": (given(**held(SPIKE), ask={"replaces": "older"}), given(**held(SPIKE))),
    "one_position": (
        given(**held(an_exposure("BTC", plan="older")), ask={"replaces": "older"}),
        given(**held(an_exposure("BTC", plan="older"))),
    ),
    "kill_switch": (
        given(account={"halts": (Halted(rule="kill_switch", symbol="ETH"),)}),
        given(account={"halts": (Halted(rule="kill_switch", symbol="BTC"),)}),
    ),
    "probation": (given(account={"probation": {"BTC": 2}}), given(account={"probation": {"BTC": 3}})),
    "probe": (given(ask=PROBE), given(ask={**PROBE, "quantity": D("50.001")})),
    "venue_limits": (
        given(ask={"quantity": D("0.1")}),
        given(ask={"quantity": D("0.099")}),
    ),
}

MORE_REFUSALS: dict[str, tuple[str, Situation]] = {
    "a stop on the wrong side": ("trade_risk", given(ask={"stop": D("100.5")})),
    "no stop": ("trade_risk", given(ask={"stop": None})),
    "a latched drawdown after a recovery": ("drawdown", given(account={"halts": (Halted(rule="drawdown"),)})),
    "a halt of everything": ("kill_switch", given(account={"halts": (Halted(rule="kill_switch"),)})),
    "an old quote": ("freshness", given(market={"quote_age_s": 31.0})),
    "a hole in the data": ("freshness", given(market={"gap": True})),
    "an order in doubt": ("venue_health", given(account={"in_doubt": frozenset({"BTC"})})),
    "books that differ": ("venue_health", given(account={"unexplained": frozenset({"BTC"})})),
    "a fifth probe in an hour": ("probe", given(ask=PROBE, account={"probes_at": (ago(minutes=5),) * 4})),
    "probes beyond their budget": (
        "probe",
        given(ask=PROBE, **held(an_exposure(risk=451, exploration=True))),
    ),
    "half a lot": ("venue_limits", given(ask={"quantity": D("1.0005")})),
    "an unknown correlation counts in full": (
        "correlated_exposure",
        given(**held(an_exposure("ETH", 35_001))),
    ),
    "our own leverage limit": (
        "leverage",
        given(**held(an_exposure("ETH", -95_001)), limits=some_limits("account", leverage=D(1))),
    ),
    "shorts that earn no funding": (
        "funding_cost",
        given(ask={"buys": False, "stop": D(102)}, market={"funding_hourly": -0.00101}),
    ),
}

UNKNOWN: dict[str, dict[str, Any]] = {
    "freshness": {"bar_age_s": None},
    "spread": {"spread_bps": None},
    "liquidity": {"minute_volume_usd": None},
    "volatility_halt": {"sd_norm_bps": None},
    "price_band": {"mid": None},
    "funding_cost": {"funding_hourly": None},
}


def test_the_table_names_every_rule() -> None:
    assert set(TABLE) == set(gate.OPENING)


def test_in_the_plain_situation_everything_is_approved() -> None:
    assert isinstance(gate.judge(**given()), gate.Approved)


@pytest.mark.parametrize("rule", sorted(TABLE))
def test_the_largest_that_passes(rule: str) -> None:
    answer = gate.OPENING[rule](**TABLE[rule][0])
    assert answer.approved, answer


@pytest.mark.parametrize("rule", sorted(TABLE))
def test_the_smallest_that_trips(rule: str) -> None:
    judged = gate.judge(**TABLE[rule][1])
    assert isinstance(judged, gate.Refused)
    assert rule in {answer.rule for answer in judged.failed}


@pytest.mark.parametrize("case", sorted(MORE_REFUSALS))
def test_also_refused(case: str) -> None:
    rule, situation = MORE_REFUSALS[case]
    judged = gate.judge(**situation)
    assert isinstance(judged, gate.Refused)
    assert rule in {answer.rule for answer in judged.failed}


@pytest.mark.parametrize("rule", sorted(UNKNOWN))
def test_what_is_not_known_is_refused(rule: str) -> None:
    judged = gate.judge(**given(market=UNKNOWN[rule]))
    assert isinstance(judged, gate.Refused)
    assert rule in {answer.rule for answer in judged.failed}


def test_all_failing_rules_are_named_not_only_the_first() -> None:
    judged = gate.judge(**given(market={"spread_bps": 90.0, "bar_age_s": 999.0}, ask={"confidence": 0.1}))
    assert isinstance(judged, gate.Refused)
    assert {answer.rule for answer in judged.failed} == {"spread", "freshness", "confidence"}


def test_a_probe_skips_confidence_and_reward_to_cost_and_no_other_rule() -> None:
    judged = gate.judge(**given(ask={**PROBE, "confidence": 0.1, "expected_net_bps": -20.0}))
    assert isinstance(judged, gate.Approved)
    assert {answer.rule for answer in judged.answers} == set(gate.OPENING) - {"confidence", "reward_to_cost"}


def test_no_loss_no_halt_and_no_doubt_prevents_closing() -> None:
    ruin = {
        "equity_usd": D(-5),
        "high_water": D(9),
        "halts": (Halted(rule="drawdown"), Halted(rule="kill_switch")),
        "in_doubt": frozenset({"BTC"}),
        "probation": {"BTC": 3},
    }
    blind = {"bar_age_s": None, "quote_age_s": None, "spread_bps": None, "venue_healthy": False, "gap": True}
    closing = {"reduces_only": True, "stop": None}
    assert isinstance(gate.judge(**given(ask=closing, account=ruin, market=blind)), gate.Approved)


def test_closing_a_dust_position_is_not_too_small() -> None:
    dust = {"reduces_only": True, "stop": None, "quantity": D("0.001")}
    assert isinstance(gate.judge(**given(ask=dust)), gate.Approved)
