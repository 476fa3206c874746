"""What trading taught goes back to the network: findings, ways of sending, venues, hours and days."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from strandloom.blackboard.strand import Draft, Strand
from strandloom.kinds.execution import ExecutionInsights, ExecutionLearning, VenuePerformance
from strandloom.kinds.job import Job
from strandloom.kinds.lesson import Hypothesis
from strandloom.kinds.performance import PerformanceAnalysis
from strandloom.kinds.report import PerformanceReport
from strandloom.learning.lessons.executing import supposed
from strandloom.learning.lessons.facts import of_forecast
from strandloom.learning.lessons.match import holds
from strandloom.teams.trader import teaching
from strandloom.teams.trader.insight import insight
from tests.network import NOON, Network
from tests.unit.teams.decision_maker.plans import plan_draft
from tests.unit.teams.trader.test_analyser_story import PATTERN, outcomes, stopped_out
from tests.unit.teams.trader.test_trade_story import bought, calm

D = Decimal


async def run_job(network: Network, name: str, hour: int) -> None:
    body = Job(job=name, slot=NOON + timedelta(hours=hour))
    await network.tell(Draft(body=body, tags=(f"system:job:{name}",)))


async def traded(times: int = 6) -> Network:
    """So many trades that time ended."""
    network = await bought(time_limit_s=120, patterns=(PATTERN,))
    for _ in range(times - 1):
        await calm(network, 8)
        await network.tell(plan_draft(time_limit_s=120, patterns=(PATTERN,)))
    await calm(network, 8)
    return network


async def only(network: Network, kind: str) -> Strand:
    (strand,) = await network.said(kind)
    return strand


async def test_a_closed_trade_gives_one_finding_with_a_recommendation() -> None:
    network = await stopped_out(patterns=(PATTERN,))
    body = (await only(network, "execution_insights")).body
    assert isinstance(body, ExecutionInsights)
    assert (body.finding, body.recommendation) == ("the_move_was_smaller", "expect_less")
    assert body.gap_bps == pytest.approx(-258.7, abs=0.5)
    assert body.share > 0.9
    assert body.text.startswith("BTC: expected 0.40 % in 1 h, got -2.19 %")


def a_trade(**gaps: float) -> PerformanceAnalysis:
    return PerformanceAnalysis(
        about="trade",
        decision=UUID(int=1),
        plan=None,
        venue="paper",
        symbol="BTC",
        side="buy",
        style="taker",
        volatility="quiet",
        wanted=D(1),
        filled=D(1),
        arrival=D(100),
        average_price=D(100),
        slippage_arrival_bps=None,
        slippage_plan_bps=None,
        fee_bps=None,
        to_send_s=None,
        to_acknowledge_s=None,
        to_fill_s=None,
        expected_bps=40.0,
        realised_bps=20.0,
        gaps_bps=gaps,
    )


@pytest.mark.parametrize(
    ("gaps", "found"),
    [
        ({}, ("as_planned", "keep")),
        ({"move": 0.2, "fees": -0.1}, ("as_planned", "keep")),
        ({"move": 9.0, "fees": -1.0}, ("the_move_was_larger", "expect_more")),
        ({"move": 2.0, "slippage": -20.0}, ("slippage", "wait_in_the_book")),
        ({"slippage": 4.0}, ("slippage", "keep")),
        ({"fees": -5.0}, ("fees", "wait_in_the_book")),
        ({"funding": -5.0, "move": 1.0}, ("funding", "hold_shorter")),
    ],
)
def test_the_largest_part_of_the_gap_is_the_finding(gaps: dict[str, float], found: tuple[str, str]) -> None:
    body = insight(a_trade(**gaps))
    assert (body.finding, body.recommendation) == found


async def test_a_way_of_sending_is_told_once_eight_orders_went_that_way() -> None:
    network = await traded()
    body = (await only(network, "execution_learning")).body
    assert isinstance(body, ExecutionLearning)
    assert (body.style, body.orders, len(body.evidence)) == ("taker", 8, 8)
    assert 0.5 <= body.confidence <= 1.0
    (row,) = await network.board.past.look("execution.sums", keys=["paper|taker|wild"])
    assert row["learnt"] == 8
    assert row["measured"] > 8


@pytest.mark.parametrize(
    ("measured", "learnt", "due"),
    [(7, 0, False), (8, 0, True), (15, 8, False), (16, 8, True), (31, 16, False)],
)
def test_and_again_whenever_its_evidence_has_doubled(measured: int, learnt: int, due: bool) -> None:
    assert teaching.is_due({"measured": float(measured), "learnt": learnt}) is due


async def test_the_predicate_of_what_was_learnt_holds_of_the_orders_behind_it() -> None:
    network = await traded()
    body = (await only(network, "execution_learning")).body
    assert isinstance(body, ExecutionLearning)
    assert all(holds(body.predicate, of_forecast(outcome)) for outcome in await outcomes(network))


def sums(count: int, mean: float, sd: float) -> dict[str, Any]:
    square = count * mean * mean + (count - 1) * sd * sd
    base = {"measured": float(count), "saved_bps": count * mean, "saved_sq": square, "orders": float(count)}
    return {**base, "share": float(count), "newest": ["0x01"], "learnt": 0}


@pytest.mark.parametrize(
    ("style", "count", "mean", "action"),
    [
        ("maker", 32, 5.0, "enter_maker"),
        ("maker", 32, -5.0, "enter_maker"),  # the gate may find that it does harm
        ("sliced", 64, 5.0, "enter_sliced"),
        ("taker", 64, 5.0, None),  # the yardstick itself
        ("maker", 16, 5.0, None),  # too little
        ("maker", 64, 0.1, None),  # nothing that stands out
    ],
)
def test_only_what_stands_out_is_put_to_the_gate(
    style: str, count: int, mean: float, action: str | None
) -> None:
    order = a_trade()
    order = type(order)(**{**{f: getattr(order, f) for f in order.__slots__}, "style": style})
    learnt = teaching.learning(order, sums(count, mean, 6.0))
    told = supposed(learnt, "venue/1")
    assert (told.action_hint if isinstance(told, Hypothesis) else None) == action


async def test_an_hour_is_reported_with_its_trades_orders_and_refusals() -> None:
    network = await stopped_out(patterns=(PATTERN,))
    await network.tell(plan_draft(idea="BTC:buy:other", confidence=0.1))
    await calm(network, 30, 97.2)
    await run_job(network, "report_hourly", 2)
    body = (await only(network, "performance_report")).body
    assert isinstance(body, PerformanceReport)
    assert (body.span, body.since, body.until) == (
        "hour",
        NOON + timedelta(hours=1),
        NOON + timedelta(hours=2),
    )
    assert (body.trade_count, body.won, body.orders, body.plans) == (1, 0, 2, 2)
    assert body.pnl_usd == pytest.approx(D("-21.89"), abs=D("0.01"))
    assert body.fill_rate == 1.0
    assert (body.approved, body.refused) == (1, 1)
    assert "confidence" in [block.rule for block in body.blocks]
    assert [line.name for line in body.worst_patterns] == ["volume.spike:up"]
    assert [line.name for line in body.worst_plans] == ["BTC:buy:volume.spike"]
    assert body.best_patterns == ()
    assert body.risk_budget.equity_usd is not None
    assert body.risk_budget.claims == 0


async def test_the_same_slot_asked_again_says_the_same() -> None:
    network = await stopped_out()
    await calm(network, 30, 97.2)
    for _ in range(2):
        await run_job(network, "report_hourly", 2)
    first, second = [strand.body for strand in await network.said("performance_report")]
    assert first == second


async def test_a_day_is_the_sum_of_its_hours() -> None:
    network = await stopped_out(patterns=(PATTERN,))
    await network.tell(plan_draft(idea="BTC:buy:other", confidence=0.1))
    for hour in (1, 2, 3):
        await run_job(network, "report_hourly", hour)
        await calm(network, 30 if hour == 2 else 1, 97.2)
    await run_job(network, "report_daily", 12)
    body = (await network.said("performance_report"))[-1].body
    assert isinstance(body, PerformanceReport)
    assert (body.span, body.until) == ("day", NOON + timedelta(hours=12))
    assert (body.trade_count, body.plans, body.refused) == (1, 2, 1)


async def test_a_venue_that_was_traded_on_is_scored_from_what_was_measured() -> None:
    network = await stopped_out()
    await calm(network, 30, 97.2)
    await run_job(network, "report_hourly", 2)
    body = (await only(network, "venue_performance")).body
    assert isinstance(body, VenuePerformance)
    assert (body.venue, body.orders, body.fill_rate, body.doubtful_share) == ("paper", 2, 1.0, 0.0)
    assert body.cost_bps == pytest.approx(7.0, abs=0.1)
    assert body.score == pytest.approx(1 / (1 + 7.0 / 20), abs=0.01)
    assert body.to_acknowledge_s is None
    await calm(network, 60, 97.2)
    await run_job(network, "report_hourly", 3)
    assert len(await network.said("venue_performance")) == 1
