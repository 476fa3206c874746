"""What is refused is followed and learnt from; limits change while running; probation can be earned back."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np

from strandloom.blackboard.module import Seat
from strandloom.kinds.limits import LimitsChanged
from strandloom.kinds.prediction import Outcome
from strandloom.learning.book import Book
from strandloom.learning.evidence import Evidence
from strandloom.learning.horizons import Horizons
from strandloom.learning.outcomes import Outcomes
from strandloom.learning.shadows import Shadows
from strandloom.risk.limits import load
from strandloom.risk.watch import LimitsInForce
from strandloom.teams.decision_maker import tables
from strandloom.teams.decision_maker.account import AccountKeeper
from strandloom.teams.decision_maker.gate import Gate
from strandloom.teams.decision_maker.limits import LimitsKeeper
from strandloom.teams.decision_maker.record import Record
from tests.network import NOON, Network
from tests.unit.teams.decision_maker.plans import Listed, plan_draft, tracking
from tests.unit.teams.decision_maker.test_planner_story import seen

D = Decimal


async def a_network() -> Network:
    book = Book(Horizons({}))
    seats = [
        Seat(module=AccountKeeper(load), order="free"),
        Seat(module=Gate(Listed("BTC"), load, paper=True), order="free"),
        Seat(module=Shadows(), order="free"),
        Seat(module=Outcomes(), order="feed"),
        Seat(module=Evidence(book), order="feed"),
        Seat(module=Record(), order="free"),
    ]
    network = Network(seats, ("BTC",))
    for i in range(90):
        await network.minute({"BTC": (100.0, 100.2, 99.8, 100.0 + 0.05 * (i % 2))})
    await network.tell(tracking())
    return network


async def test_a_refused_plan_goes_on_as_a_shadow_and_its_outcome_is_kept_apart() -> None:
    network = await a_network()
    (plan,) = await network.tell(plan_draft(confidence=0.6, observations=(seen(0.7), seen(0.6, "b"))))
    await network.minute()
    await network.minute({"BTC": (100.0, 103.5, 99.9, 103.4)})
    (strand,) = await network.said("outcome")
    outcome = strand.body
    assert isinstance(outcome, Outcome)
    assert (outcome.family, outcome.shadow, outcome.pattern) == ("gate", True, "gate.confidence")
    assert outcome.closed_by == "target"
    assert "learning:shadow_outcome" in strand.tags
    (row,) = await network.board.past.look("evidence.page")
    assert row["shadow"]
    assert await network.board.past.look("key.scores") == []
    record, _ = tables.reliability_of(await network.board.past.look("risk.state", account=tables.OBSERVERS))
    assert record.counted == [str(plan.id)]


async def test_an_approved_plan_has_no_shadow() -> None:
    network = await a_network()
    await network.tell(plan_draft())
    assert await network.said("prediction") == []


async def test_a_changed_file_of_limits_is_taken_over_and_a_wrong_one_is_not(tmp_path: Path) -> None:
    path = tmp_path / "limits.toml"
    path.write_text("[trade]\nrisk_percent = 1.0\n")
    limits = LimitsInForce(path)
    network = Network([Seat(module=LimitsKeeper(limits), order="feed")])
    await network.minute()
    assert await network.said("limits_changed") == []
    path.write_text("[trade]\nrisk_percent = 0.5\n")
    await network.minute()
    assert limits().trade.risk_percent == D("0.5")
    path.write_text("[trade]\nrisk_percent = -1\n")
    await network.minute()
    await network.minute()
    changed, refused = [s.body for s in await network.said("limits_changed")]
    assert isinstance(changed, LimitsChanged) and isinstance(refused, LimitsChanged)
    assert [(c.limit, c.before, c.after) for c in changed.changes] == [("trade.risk_percent", "1.0", "0.5")]
    assert "trade.risk_percent" in refused.problem
    assert limits().trade.risk_percent == D("0.5")


async def test_a_symbol_earns_its_way_back_from_probation_by_its_shadows() -> None:
    network = await a_network()
    past = network.board.past
    standing, _ = tables.standing_of(await past.look("risk.state", account=tables.ACCOUNT))
    assert standing is not None
    since = NOON - timedelta(days=40)
    on_probation = replace(
        standing,
        probation={"BTC": 2},
        level_since={"BTC": since.date()},
        day=(NOON - timedelta(days=1)).date(),
    )
    state = network.board.slate.tables["risk_state"]
    state.put(tables.ACCOUNT, {**tables.put_standing(on_probation, 0).values, "version": 7})
    rng = np.random.default_rng(2)
    evidence = network.board.slate.tables["pattern_evidence"]
    for i in range(90):
        at = since + timedelta(hours=8 * i + 1)
        evidence.put(
            f"e{i}",
            {
                "shadow": True,
                "symbol": "BTC",
                "opened_at": at.isoformat(),
                "r_bps": float(rng.normal(12, 20)),
            },
        )
    await network.tell(tracking())
    after, _ = tables.standing_of(await past.look("risk.state", account=tables.ACCOUNT))
    assert after is not None
    assert after.probation["BTC"] == 1
