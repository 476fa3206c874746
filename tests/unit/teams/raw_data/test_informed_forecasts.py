"""Forecasts that have heard of a lesson: p both ways, nothing where held out, nothing before it was known."""

from dataclasses import replace
from datetime import timedelta

from strandloom.blackboard.cause import Cause
from strandloom.blackboard.module import Seat
from strandloom.blackboard.strand import Draft
from strandloom.kinds.pattern import Pattern
from strandloom.kinds.predicate import AllOf, FeatureAbove
from strandloom.kinds.prediction import Prediction
from strandloom.learning.book import Book
from strandloom.learning.horizons import Horizons
from strandloom.learning.lessons import rows
from strandloom.scoring.costs import VENUE
from strandloom.scoring.holdout import held_out
from strandloom.teams.raw_data.forecaster import Forecaster
from tests.lessons import SPIKE_UP, a_lesson
from tests.network import NOON, Network, at_minute

DEEP = AllOf(predicates=(SPIKE_UP, FeatureAbove(feature="volume_z_60", value=3.0)))
EDGE = a_lesson(
    1, revision=1, status="active", n=200, n_blocks=60, hits=150, claim=12.0, ci_low=8.0, shrunk_mean=15.0,
    predicate=DEEP, confirmation_to=NOON,
)  # fmt: skip


async def a_network(since_minutes: int = 0) -> Network:
    network = Network([Seat(module=Forecaster(Book(Horizons({})), VENUE), order="free")])
    for i in range(260):
        await network.minute({"BTC": (100.0, 100.2, 99.8, 100.0 + 0.05 * (i % 2))})
    known = replace(EDGE, known_from=at_minute(since_minutes))
    cause = Cause(module="cil.lessons", at=NOON, key="taught")
    network.board.post([], cause, [rows.register(a_lesson(1, predicate=DEEP)), rows.move(known)])
    return network


async def a_forecast(network: Network, z: float = 4.0) -> Prediction:
    body = Pattern(
        name="volume.spike", version=1, symbol="BTC", timeframe="1m", phase="onset", direction="up",
        strength_sd=2.0, since=NOON, duration_min=1, onset=None, price=100.0, horizon_min=30, target=101.0,
        invalidation=99.0, features={"volume_z_60": z},
    )  # fmt: skip
    tags = ("raw_data:pattern:volume:spike", "raw_data:onset")
    draft = Draft(body=body, tags=tags, symbol="BTC", session_bucket="europe", regime="flat_calm")
    await network.tell(draft, by="raw_data.volume")
    made = (await network.said("prediction"))[-1].body
    assert isinstance(made, Prediction)
    return made


async def minute_that_is(network: Network, alone: bool) -> None:
    while held_out("BTC", network._next - 1 + int(NOON.timestamp()) // 60, "volume.spike") != alone:
        await network.minute()


async def test_p_is_worked_out_with_the_lesson_and_without_it() -> None:
    network = await a_network()
    await minute_that_is(network, alone=False)
    made = await a_forecast(network)
    assert made.lessons == (EDGE.lesson,)
    assert made.p > made.p_base and made.expected_bps > made.expected_bps_base
    (row,) = [row for _, row in network.board.slate.tables["lesson_uses"].rows()]
    assert (row["lessons"], row["held_out"]) == ([str(EDGE.lesson)], False)
    assert row["prediction"] == str((await network.said("prediction"))[-1].id)


async def test_a_held_out_forecast_uses_the_prior_without_lessons() -> None:
    network = await a_network()
    await minute_that_is(network, alone=True)
    made = await a_forecast(network)
    assert made.held_out and made.lessons == (EDGE.lesson,)
    assert (made.p, made.expected_bps) == (made.p_base, made.expected_bps_base)


async def test_where_the_predicate_does_not_hold_the_lesson_is_silent() -> None:
    network = await a_network()
    await minute_that_is(network, alone=False)
    made = await a_forecast(network, z=2.0)
    assert made.lessons == () and made.p == made.p_base
    assert len(network.board.slate.tables["lesson_uses"]) == 0


async def test_a_lesson_of_this_very_minute_is_not_heard_yet() -> None:
    network = await a_network()
    await minute_that_is(network, alone=False)
    later = await a_network(since_minutes=network._next)
    while later._next < network._next:
        await later.minute()
    assert (await a_forecast(later)).lessons == ()
    await later.minute()
    await minute_that_is(later, alone=False)
    assert (await a_forecast(later)).lessons == (EDGE.lesson,)
    assert timedelta(0) < at_minute(later._next) - at_minute(network._next)
