"""A position ends by its time limit or when its pattern turns; closing is asked for even in a halt."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from strandloom.blackboard.module import Seat
from strandloom.blackboard.strand import Strand
from strandloom.kinds.decision import Decision
from strandloom.kinds.position import Held
from strandloom.risk.limits import load
from strandloom.teams.decision_maker.account import AccountKeeper
from strandloom.teams.decision_maker.closer import Closer
from strandloom.teams.decision_maker.gate import Gate
from tests.network import Network, at_minute
from tests.unit.teams.decision_maker.plans import Listed, plan_draft, tracking
from tests.unit.teams.decision_maker.test_planner_story import a_signal

D = Decimal


async def holding(quantity: str = "10", **plan: Any) -> tuple[Network, Strand]:
    """A network with an open position of an approved plan."""
    listed = Listed("BTC")
    seats = [
        Seat(module=AccountKeeper(load), order="free"),
        Seat(module=Gate(listed, load, paper=True), order="free"),
        Seat(module=Closer(listed, load), order="free"),
    ]
    network = Network(seats, ("BTC",))
    for i in range(90):
        await network.minute({"BTC": (100.0, 100.2, 99.8, 100.0 + 0.05 * (i % 2))})
    await network.tell(tracking())
    await network.tell(plan_draft(**plan))
    (decision,) = await network.said("decision")
    assert isinstance(decision.body, Decision)
    held = Held(
        venue="paper",
        symbol="BTC",
        quantity=D(quantity),
        entry_price=D(100),
        mark=D(100),
        unrealised_usd=D(0),
        realised_usd=D(0),
        funding_usd=D(0),
        fees_usd=D(0),
        stop=D(98),
        risk_usd=D(20),
        opened_at=at_minute(90),
        decision=decision.id,
        plan=decision.body.plan,
    )
    await network.tell(tracking(held=(held,)))
    return network, decision


async def closings(network: Network) -> list[Decision]:
    bodies = [s.body for s in await network.said("decision")]
    return [b for b in bodies if isinstance(b, Decision) and b.intent == "close"]


async def test_a_position_is_closed_when_its_time_is_over_and_asked_for_again_while_it_stays() -> None:
    network, decision = await holding(time_limit_s=600)
    for _ in range(9):
        await network.minute()
    assert await closings(network) == []
    await network.minute()
    (close,) = await closings(network)
    assert (close.side, close.quantity, close.reduce_only) == ("sell", D(10), True)
    assert isinstance(decision.body, Decision)
    assert close.plan == decision.body.plan
    for _ in range(5):
        await network.minute()
    assert len(await closings(network)) == 2


async def test_a_short_is_closed_by_buying() -> None:
    network, _ = await holding(quantity="-10", side="sell", stop=D(102), take_profit=D(97), time_limit_s=60)
    await network.minute()
    (close,) = await closings(network)
    assert close.side == "buy"
    assert close.worst_price > D(100)


async def test_the_pattern_that_opened_it_closes_it_by_turning() -> None:
    network, _ = await holding()
    await a_signal(network, direction="up")
    assert await closings(network) == []
    await a_signal(network, direction="down", pattern="momentum.trend", target=99.0, stop=101.0)
    assert await closings(network) == []
    await a_signal(network, direction="down", target=99.0, stop=101.0)
    (close,) = await closings(network)
    assert close.reason == "volume.spike now says down"
    assert close.expires_at - at_minute(90) == timedelta(minutes=5)
