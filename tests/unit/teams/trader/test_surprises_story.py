"""Results off the map: a question is raised once, settled by the next result inside, or runs out."""

from datetime import timedelta
from typing import Any

import pytest

from strandloom.blackboard.cause import Cause
from strandloom.blackboard.strand import Draft, Strand
from strandloom.kinds.job import Job
from strandloom.kinds.order import OrderIntent
from strandloom.kinds.uncertainty import Uncertainty
from strandloom.teams.trader import chance
from strandloom.teams.trader.open_doubts import LASTS
from tests.contract.test_execution_tables import begun, ended
from tests.network import Network
from tests.unit.teams.decision_maker.plans import D, plan_draft
from tests.unit.teams.trader.test_trade_story import bought, calm

LOW: dict[str, Any] = {"reference": D("89.2"), "stop": D("87.4"), "take_profit": D(92), "time_limit_s": 120}


async def surprises(network: Network) -> list[tuple[Strand, Uncertainty]]:
    found = [(strand, strand.body) for strand in await network.said("uncertainty")]
    return [(s, b) for s, b in found if isinstance(b, Uncertainty) and b.doubt == "outside_interval"]


async def crashed() -> Network:
    """A trade that lost eleven percent where its stop allowed two."""
    network = await bought()
    await network.minute({"BTC": (90.0, 90.1, 89.0, 89.2)})
    await calm(network, 3, 89.2)
    return network


async def test_a_trade_off_the_map_is_asked_about_until_one_of_the_same_idea_lies_inside() -> None:
    network = await crashed()
    ((raised, question),) = await surprises(network)
    assert (question.subject, question.symbol, question.phase) == ("BTC:buy:volume.spike", "BTC", "raised")
    assert "its plan allowed -2.30 % to 3.15 %" in question.reason
    await calm(network, 80, 89.2)
    await network.tell(plan_draft(**LOW))
    await calm(network, 6, 89.2)
    _, (answer, settled) = await surprises(network)
    assert (settled.phase, settled.raised, settled.subject) == ("resolved", raised.id, question.subject)
    assert settled.raised_at == question.raised_at < answer.at


async def test_another_one_off_the_map_is_not_asked_about_again() -> None:
    network = await crashed()
    await calm(network, 80, 89.2)
    await network.tell(plan_draft(**LOW))
    await network.minute({"BTC": (80.0, 80.1, 79.0, 79.2)})
    await calm(network, 3, 79.2)
    assert [question.phase for _, question in await surprises(network)] == ["raised"]


async def test_what_nothing_settles_runs_out() -> None:
    network = await crashed()
    ((raised, question),) = await surprises(network)
    for slot in (question.expires_at - timedelta(hours=1), question.expires_at + timedelta(hours=1)):
        await network.tell(
            Draft(body=Job(job="report_hourly", slot=slot), tags=("system:job:report_hourly",))
        )
    _, (_, ended_) = await surprises(network)
    assert (ended_.phase, ended_.raised) == ("unresolved", raised.id)
    assert question.expires_at == question.raised_at + LASTS


async def measured(network: Network, *saved_bps: float) -> None:
    """Takers were measured so often, and came to that."""
    keys = ["paper|taker|normal", "paper|taker", "paper"]
    writes = []
    for number, saved in enumerate(saved_bps):
        write = ended(f"0x{number:x}", saved)
        gain = {name: value for name, value in write.values["sums"][0].items() if name != "key"}
        write.values["sums"] = [{"key": key, **gain} for key in keys]
        writes += [begun(f"0x{number:x}"), write]
    cause = Cause(module="trader.test", at=network.window.view().now, key=str(len(saved_bps)))
    network.board.post([], cause, writes)


async def test_an_order_off_the_map_is_asked_about_until_one_lies_inside() -> None:
    network = await bought()
    await measured(network, *([900.0] * 12))  # as if crossing the spread had always been a present
    await network.minute({"BTC": (100.0, 100.1, 97.0, 97.2)})  # stopped out: the guard was asked for before
    assert await surprises(network) == []
    await calm(network, 80, 97.2)
    plan = {"reference": D("97.2"), "stop": D("95.4"), "take_profit": D(100), "time_limit_s": 120}
    await network.tell(plan_draft(**plan))
    bodies = [strand.body for strand in await network.said("order_intent")]
    entry = [body for body in bodies if isinstance(body, OrderIntent) and body.leg == "entry"][-1]
    assert entry.likely_saved_bps is not None and entry.likely_saved_bps[0] > 20
    ((_, question),) = await surprises(network)
    assert (question.subject, question.symbol, question.phase) == ("paper|taker|normal", None, "raised")
    assert "orders sent this way had come to" in question.reason
    await measured(network, *([-900.0] * 40))  # now anything is possible
    await calm(network, 6, 97.2)  # the time limit closes it with another such order
    assert [one.phase for _, one in await surprises(network)] == ["raised", "resolved"]


def row(*saved_bps: float) -> dict[str, Any]:
    squares = sum(saved * saved for saved in saved_bps)
    return {"measured": float(len(saved_bps)), "saved_bps": sum(saved_bps), "saved_sq": squares}


def test_what_is_likely_comes_from_the_finest_way_of_which_enough_is_known() -> None:
    sums = {"fine": row(1.0, 2.0), "coarse": row(*([4.0, 6.0] * 8)), "all": row(*([50.0] * 99))}
    found = chance.likely_saved_bps(("fine", "coarse", "all"), sums)
    assert found is not None
    low, high = found
    assert low + high == pytest.approx(2 * 5.0)
    assert high - low == pytest.approx(2 * 2.131 * (16 / 15) ** 0.5 * (17 / 16) ** 0.5, rel=1e-3)
    assert chance.likely_saved_bps(("fine",), sums) is None


def test_no_spread_at_all_still_leaves_a_basis_point_of_room() -> None:
    low, high = chance.likely_saved_bps(("k",), {"k": row(*([5.0] * 20))}) or (0.0, 0.0)
    assert high - low > 2.0
