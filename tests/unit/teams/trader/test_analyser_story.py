"""What the Trader says of its orders and trades, on the built-in exchange."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from strandloom.blackboard.strand import Draft
from strandloom.kinds.attention import Flatten
from strandloom.kinds.order import OrderIntent, OrderState, OrderStatus
from strandloom.kinds.performance import PerformanceAnalysis
from strandloom.kinds.prediction import Outcome
from strandloom.kinds.uncertainty import Uncertainty
from strandloom.teams.trader.closed_trade import closed_trade
from strandloom.teams.trader.ended import ended
from tests.contract.test_execution_tables import begun
from tests.network import NOON, Network, at_minute
from tests.unit.teams.decision_maker.plans import plan_draft
from tests.unit.teams.trader.test_trade_story import bought, calm

D = Decimal
PATTERN = "volume.spike:up|symbol=BTC|timeframe=5m|regime=up_wild|session=europe"


async def analyses(network: Network, about: str) -> list[PerformanceAnalysis]:
    bodies = [strand.body for strand in await network.said("performance_analysis")]
    return [body for body in bodies if isinstance(body, PerformanceAnalysis) and body.about == about]


async def outcomes(network: Network) -> list[Outcome]:
    bodies = [strand.body for strand in await network.said("outcome")]
    return [body for body in bodies if isinstance(body, Outcome)]


async def asked(network: Network) -> dict[UUID, OrderIntent]:
    strands = await network.said("order_intent")
    return {strand.id: strand.body for strand in strands if isinstance(strand.body, OrderIntent)}


async def doubts(network: Network) -> list[tuple[str, str]]:
    bodies = [strand.body for strand in await network.said("uncertainty")]
    return [(body.doubt, body.phase) for body in bodies if isinstance(body, Uncertainty)]


async def stopped_out(**plan: Any) -> Network:
    network = await bought(**plan)
    await network.minute({"BTC": (100.0, 100.1, 97.0, 97.2)})
    await calm(network, 3, 97.2)
    return network


async def test_every_order_that_was_wanted_to_the_end_is_measured_once() -> None:
    network = await stopped_out(patterns=(PATTERN,))
    told = await analyses(network, "order")
    assert [(one.leg, one.style, one.size) for one in told] == [
        ("entry", "taker", "small"),
        ("stop", "taker", "tiny"),
    ]
    entry, stop = told
    assert (entry.volatility, entry.timeframe, entry.arrival) == ("wild", "5m", D("100.05"))
    assert entry.slippage_arrival_bps == pytest.approx(5.0, abs=0.1)
    assert entry.fee_bps == pytest.approx(4.5)
    assert entry.taker_bps is not None and entry.saved_bps is not None
    assert entry.saved_bps == pytest.approx(entry.taker_bps - 9.5, abs=0.1)
    assert stop.arrival == D(98)
    assert stop.to_fill_s == 60


async def test_on_paper_nothing_travels_so_no_latency_is_told() -> None:
    network = await stopped_out()
    for one in await analyses(network, "order"):
        assert (one.to_send_s, one.to_acknowledge_s) == (None, None)


async def test_an_order_gives_one_execution_outcome_whose_chance_was_written_down_before() -> None:
    network = await stopped_out(patterns=(PATTERN,))
    entry, stop = await outcomes(network)
    assert (entry.family, entry.pattern) == ("execution", "execution.taker@paper")
    assert (entry.timeframe, entry.regime, entry.session) == ("5m", "wild_tight", "small")
    assert (entry.p, entry.won) == (0.5, False)
    assert stop.p == 0.5  # asked for together with the entry, before anybody knew what that would cost
    intents = await asked(network)
    assert intents[entry.prediction].p == entry.p


async def test_a_chance_knows_what_earlier_orders_came_to() -> None:
    network = await bought(time_limit_s=120, patterns=(PATTERN,))
    await calm(network, 8)
    earlier = await asked(network)
    assert [one.won for one in await outcomes(network)] == [False, False]  # both crossed the spread
    await network.tell(plan_draft(time_limit_s=120, patterns=(PATTERN,)))
    new = [one for name, one in (await asked(network)).items() if name not in earlier]
    (later,) = [one for one in new if one.leg == "entry"]
    assert later.p is not None and later.p < 0.5


async def test_every_order_carries_its_chance_before_it_can_be_sent() -> None:
    network = await bought(patterns=(PATTERN,))
    await network.tell(Draft(body=Flatten(reason="enough"), tags=("trader:flatten",)))
    await calm(network, 2)
    intents = await asked(network)
    assert {one.leg for one in intents.values()} == {"entry", "stop", "take_profit", "close"}
    assert all(one.p is not None and one.p_above is not None for one in intents.values())
    measured = {one.prediction: one.p for one in await outcomes(network)}
    assert measured == {name: intents[name].p for name in measured} != {}


async def test_an_order_that_was_asked_for_without_a_chance_is_not_measured() -> None:
    network = await bought()
    before = len(await outcomes(network))
    (intent,) = [one for one in (await asked(network)).values() if one.leg == "entry"]
    without = replace(intent, p=None, cloid="0x" + "ab" * 16, symbol="ETH")
    await network.tell(Draft(body=without, tags=("trader:order_intent",)), by="trader.orders")
    assert await network.board.past.look("execution.order", cloid=without.cloid) == []
    assert len(await outcomes(network)) == before


async def test_a_target_that_went_with_its_position_is_no_evidence() -> None:
    network = await stopped_out()
    assert "take_profit" not in [one.leg for one in await analyses(network, "order")]
    assert await network.board.past.look("execution.sums", keys=["paper|maker"]) == []


def a_row(**changes: Any) -> dict[str, Any]:
    """An order of the books as it was written down when it was wanted."""
    row: dict[str, Any] = dict(begun().values) | {"doubted": None, "acknowledged_s": None, "sent_s": None}
    return row | {"filled_at": None, "closed_at": None} | changes


def a_status(state: OrderState, **changes: Any) -> OrderStatus:
    base: dict[str, Any] = {
        "state": state,
        "decision": UUID(int=1),
        "plan": None,
        "leg": "entry",
        "cloid": "0x01",
        "venue": "paper",
        "symbol": "BTC",
        "side": "buy",
        "quantity": D("0.5"),
        "oid": 7,
    }
    return OrderStatus(**(base | changes))


@pytest.mark.parametrize(
    ("status", "wanted", "is_evidence"),
    [
        (a_status("cancelled"), D("0.5"), True),  # it rested, and nobody came
        (a_status("expired", oid=None), D(0), False),  # it was never sent
        (a_status("rejected", oid=None), D("0.5"), False),  # the venue did not want it
        (a_status("cancelled", more=True), D(0), False),  # another part goes on for it
        (a_status("cancelled", leg="stop"), D(0), False),  # its position had ended
    ],
)
def test_only_what_was_tried_is_evidence(status: OrderStatus, wanted: D, is_evidence: bool) -> None:
    order = ended(a_row(leg=status.leg), status, D("100.25"), NOON)
    assert order.wanted == wanted
    assert (order.result is not None) is is_evidence


def test_a_trade_told_late_ends_when_its_last_order_did() -> None:
    over = {"filled": "0.5", "average_price": "100.3", "closed_at": (NOON + timedelta(hours=1)).isoformat()}
    rows = [a_row(**over, filled_at=NOON.isoformat()), a_row(**over, leg="close", side="sell")]
    closed = a_status("closed", cloid=None, filled=D("0.5"), average_price=D("100.3"), realised_usd=D(0))
    trade = closed_trade(closed, rows, None, NOON - timedelta(hours=9))
    assert trade is not None
    assert trade.held_s == 3_600


async def test_a_closed_trade_is_held_against_its_plan_in_numbers() -> None:
    network = await stopped_out(patterns=(PATTERN,))
    (trade,) = await analyses(network, "trade")
    assert trade.expected_bps == 40.0
    assert trade.because.startswith("expected 0.40 % in 1 h, got -2.19 % in 1 min, because the price moved")
    assert trade.because.endswith("; the stop ended it")
    costs = (trade.slippage_bps or 0) + float((trade.fees_usd or 0) / D(1001) * 10_000)
    assert trade.realised_bps == pytest.approx((trade.move_bps or 0) - costs, abs=0.01)
    since, until = at_minute(0).isoformat(), at_minute(1_000).isoformat()
    (row,) = await network.board.past.look("execution.trades", since=since, until=until)
    assert (row["pattern"], row["idea"]) == ("volume.spike:up", "BTC:buy:volume.spike")
    assert D(row["realised_usd"]) == trade.realised_usd


async def test_a_way_of_sending_is_an_open_question_until_eight_orders_went_that_way() -> None:
    network = await bought(time_limit_s=120, patterns=(PATTERN,))
    for _ in range(5):
        await calm(network, 8)
        await network.tell(plan_draft(time_limit_s=120, patterns=(PATTERN,)))
    await calm(network, 8)
    raised = [one for one in await doubts(network) if one[0] == "few_executions"]
    assert raised.count(("few_executions", "raised")) == 2  # taking, and resting as a target
    assert raised.count(("few_executions", "resolved")) == 1
    (sums,) = await network.board.past.look("execution.sums", keys=["paper|taker|wild"])
    measured = [one for one in await analyses(network, "order") if one.style == "taker"]
    assert sums["orders"] == len(measured) >= 8
    assert sums["newest"] == [one.cloid for one in measured]


async def test_a_result_that_the_plan_did_not_think_possible_raises_a_question() -> None:
    network = await bought()
    await network.minute({"BTC": (90.0, 90.1, 89.0, 89.2)})
    await calm(network, 3, 89.2)
    assert ("outside_interval", "raised") in await doubts(network)


async def test_two_runs_measure_the_same_to_the_letter() -> None:
    def without_names(body: PerformanceAnalysis) -> tuple[Any, ...]:
        return body.leg, body.saved_bps, body.slippage_arrival_bps, body.because, body.p, body.to_fill_s

    first, second = [await analyses(await stopped_out(), "order") for _ in range(2)]
    assert list(map(without_names, first)) == list(map(without_names, second))
