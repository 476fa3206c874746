"""Signals become plans: a probe while nothing is known, a full plan on evidence."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from strandloom.blackboard.cause import Cause
from strandloom.blackboard.module import Seat
from strandloom.blackboard.strand import Draft, Strand, Write
from strandloom.kinds.decision import Decision, Refusal
from strandloom.kinds.plan import Observation, TradingPlan
from strandloom.kinds.prediction import Prediction
from strandloom.kinds.resonance import Ablation
from strandloom.learning.executions import way_key
from strandloom.learning.leaves import leaf_of
from strandloom.risk.limits import load
from strandloom.scoring.costs import VENUE
from strandloom.teams.decision_maker import experience, observers
from strandloom.teams.decision_maker.account import AccountKeeper
from strandloom.teams.decision_maker.gate import Gate
from strandloom.teams.decision_maker.planner import Planner
from tests.network import NOON, Network, at_minute
from tests.unit.learning.test_evidence_story import a_prediction
from tests.unit.teams.decision_maker.plans import Listed, status, tracking

D = Decimal


async def a_network(drift: float = 0.0, planner: Seat | None = None) -> Network:
    listed = Listed("BTC", "ETH")
    seats = [
        Seat(module=AccountKeeper(load), order="free"),
        planner or Seat(module=Planner(listed, load, VENUE, "paper"), order="free"),
        Seat(module=Gate(listed, load, paper=True), order="free"),
    ]
    network = Network(seats, ("BTC", "ETH"))
    rng = np.random.default_rng(4)
    price = 100.0
    for _ in range(150):
        after = price * float(np.exp(rng.normal(drift, 0.0004)))
        bar = (price, max(price, after) * 1.0001, min(price, after) * 0.9999, after)
        await network.minute({"BTC": bar, "ETH": bar})
        price = after
    await network.tell(tracking())
    return network


def a_signal_body(network: Network, **changes: Any) -> Prediction:
    """A forecast for the minute that comes, one per cent either way."""
    newest = float(network.window.view().bars().close[0, -1])
    now = at_minute(network._next)
    levels = {
        "reference": newest,
        "target": newest * 1.01,
        "stop": newest * 0.99,
        "opens_at": now,
        "expires_at": now + timedelta(minutes=30),
    }
    return a_prediction(0, **(levels | changes))


async def a_signal(network: Network, **changes: Any) -> Strand:
    body = a_signal_body(network, **changes)
    tags = ("raw_data:prediction:volume:spike", "dm:signal")
    draft = Draft(body=body, tags=tags, symbol=body.symbol, session_bucket=body.session, regime=body.regime)
    (strand,) = await network.tell(draft, by="raw_data.test")
    return strand


def know(network: Network, net_bps: float, se_bps: float, blocks: int) -> None:
    """Evidence for the signal's key, as learning would have put it."""
    key = str(leaf_of(a_prediction(0)))
    row = {"key": key, "n": 3 * blocks, "n_blocks": blocks, "net_bps": net_bps, "se_bps": se_bps}
    network.board.slate.tables["pattern_keys"].put(key, row)


async def plans(network: Network) -> list[TradingPlan]:
    return [s.body for s in await network.said("trading_plan") if isinstance(s.body, TradingPlan)]


async def test_without_evidence_a_signal_becomes_a_probe_of_the_smallest_size() -> None:
    network = await a_network()
    signal = await a_signal(network)
    (plan,) = await plans(network)
    assert plan.exploration
    assert D(10) <= plan.quantity * plan.reference < D("10.2")
    assert plan.evidence == (signal.id,)
    (decision,) = await network.said("decision")
    assert isinstance(decision.body, Decision)
    assert decision.body.exploration


async def test_with_evidence_it_becomes_a_full_plan_that_says_why() -> None:
    network = await a_network(drift=0.0002)
    know(network, 30.0, 5.0, 120)
    await a_signal(network, expected_bps=30.0)
    (plan,) = await plans(network)
    assert not plan.exploration
    assert plan.quantity * plan.reference > 1_000
    assert plan.confidence is not None and plan.confidence > 0.7
    assert [o.observer for o in plan.observations] == ["statistics", "structure", "flow"]
    assert "30.0 ± 5.0 bps net over 120 blocks" in plan.observations[0].why
    assert [s.body for s in await network.said("refusal")] == []
    assert len(await network.said("decision")) == 1


@pytest.mark.parametrize(("lam", "factor"), [(0.0, 1.0), (2.0, 1.2)])
async def test_resonance_counts_only_as_far_as_an_ablation_allows(lam: float, factor: float) -> None:
    async def planned(resonance: float | None) -> TradingPlan:
        network = await a_network(drift=0.0002)
        know(network, 30.0, 5.0, 120)
        noon = at_minute(0)
        body = Ablation(
            slot=noon,
            since=noon,
            until=noon,
            n=900,
            n_blocks=40,
            tried=2.0,
            gain_bps=0.4,
            gain_low=0.1,
            p=0.01,
            lam=lam,
            mean_resonance=0.2,
        )
        await network.tell(Draft(body=body, tags=("dm:ablation",)))
        await a_signal(network, expected_bps=30.0, resonance=resonance)
        (plan,) = await plans(network)
        return plan

    plain, resonant = await planned(None), await planned(0.9)
    assert resonant.priority == pytest.approx(factor * plain.priority, rel=1e-4)
    assert resonant.quantity <= plain.quantity * Decimal("1.2") + Decimal(1)


async def test_evidence_alone_against_the_other_two_is_not_enough() -> None:
    network = await a_network(drift=-0.0003)
    know(network, 30.0, 5.0, 120)
    await a_signal(network, expected_bps=30.0)
    (refusal,) = await network.said("refusal")
    assert isinstance(refusal.body, Refusal)
    assert "confidence" in {answer.rule for answer in refusal.body.failed}


async def test_a_second_signal_replaces_the_waiting_plan_and_names_the_first_as_evidence() -> None:
    network = await a_network()
    first = await a_signal(network)
    await a_signal(network, p=0.51)
    older, newer = await network.said("trading_plan")
    assert isinstance(newer.body, TradingPlan)
    assert newer.body.replaces == older.id
    assert first.id in newer.body.evidence
    assert first.id in newer.parents


async def test_an_idea_that_has_its_position_is_not_planned_again() -> None:
    network = await a_network()
    await a_signal(network)
    (decision,) = await network.said("decision")
    await network.tell(status(decision, "filled", filled=D("0.1"), average_price=D(100), risk_usd=D("0.1")))
    await a_signal(network, p=0.51)
    assert len(await plans(network)) == 1


async def test_measured_slippage_turns_an_approval_into_a_refusal() -> None:
    network = await a_network(drift=0.0002)
    know(network, 30.0, 5.0, 120)
    await a_signal(network, expected_bps=20.0)
    assert len(await network.said("decision")) == 1
    decision = (await network.said("decision"))[0]
    await network.tell(status(decision, "expired"))
    network.board.post([], Cause(module="t.trader", at=NOON, key="sums"), some_orders(40))
    await a_signal(network, expected_bps=20.0)
    (refusal,) = await network.said("refusal")
    assert isinstance(refusal.body, Refusal)
    assert {answer.rule for answer in refusal.body.failed} == {"reward_to_cost"}


def some_orders(count: int, slippage_bps: float = 40.0) -> list[Write]:
    """So many taker orders that slipped so far."""
    gain = {"orders": 1.0, "share": 1.0, "executed": 1.0, "slippage_bps": slippage_bps, "fee_bps": 4.5}
    row = {"cloid": "", "trade": "", "wanted_at": NOON.isoformat()}
    result = dict.fromkeys(("state", "filled", "average_price", "paid_usd", "slippage_bps", "saved_bps"))
    sums = [{"key": way_key("paper", "taker", "normal"), **gain}]
    over = {"closed_at": NOON.isoformat(), "sums": sums, **result}
    made: list[Write] = []
    for name in map(str, range(count)):
        made.append(Write(name="execution.begin", values=row | {"cloid": name}))
        made.append(Write(name="execution.end", values=over | {"cloid": name}))
    return made


def test_little_experience_leans_on_the_model() -> None:
    nothing = experience.expected(None, 6.5)
    assert (nothing.cost_bps, nothing.fill_probability, nothing.measured) == (6.5, 1.0, False)
    sums = {"orders": 1.0, "share": 0.0, "executed": 1.0, "slippage_bps": 40.0, "fee_bps": 4.5}
    one = experience.expected({**sums, "trades": 2.0, "held_share": 1.0}, 6.5)
    assert one.cost_bps == pytest.approx((8 * 6.5 + 44.5) / 9)
    assert one.fill_probability == pytest.approx(8 / 9)
    assert one.held_share == pytest.approx(0.9)
    assert not one.measured


def seen(confidence: float, name: str = "a") -> Observation:
    return Observation(observer=name, stance=observers.stance_of(confidence), confidence=confidence, why="")


def test_dependent_votes_are_worth_less() -> None:
    assert observers.effective_votes(3, 0.0) == 3.0
    assert observers.effective_votes(3, 0.5) == 1.5
    assert observers.effective_votes(3, 1.0) == 1.0
    free, _ = observers.pooled([seen(0.7), seen(0.7)], correlation=0.0)
    tied, votes = observers.pooled([seen(0.7), seen(0.7)], correlation=1.0)
    assert tied == pytest.approx(0.7)
    assert votes == 1.0
    assert free > tied


def test_two_of_three_must_be_for_it() -> None:
    assert observers.agreed([seen(0.7), seen(0.7), seen(0.2)])
    assert not observers.agreed([seen(0.9), seen(0.5), seen(0.5)])
