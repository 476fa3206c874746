"""From a prediction to its outcome to the book: the story of one key, told on a board in memory."""

from dataclasses import astuple, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
import pytest

from strandloom.basics.ids import from_unix_ms
from strandloom.blackboard.cause import Cause
from strandloom.blackboard.desk import Desk, desks
from strandloom.blackboard.lockstep import Lockstep
from strandloom.blackboard.module import Seat
from strandloom.blackboard.strand import NOTHING, Draft, Said, Strand
from strandloom.kinds.heartbeat import Heartbeat
from strandloom.kinds.market import Bar
from strandloom.kinds.prediction import NoOutcome, Outcome, Prediction
from strandloom.learning.book import Book
from strandloom.learning.evidence import Evidence, restore
from strandloom.learning.horizons import Horizons
from strandloom.learning.leaves import leaf_of
from strandloom.learning.outcomes import Outcomes
from strandloom.market.window import Window
from strandloom.scoring import marks

START = datetime(2025, 5, 20, 12, tzinfo=UTC)


def a_prediction(at: int, **changes: Any) -> Prediction:
    """Posted at the close of minute `at`."""
    opens = START + timedelta(minutes=at + 1)
    base: dict[str, Any] = {
        "pattern": "volume.spike",
        "symbol": "BTC",
        "timeframe": "1m",
        "regime": "flat_calm",
        "session": "europe",
        "direction": "up",
        "p": 0.5,
        "p_base": 0.5,
        "reference_rate": 0.5,
        "expected_bps": 0.0,
        "expected_bps_base": 0.0,
        "held_out": False,
        "reference": 100.0,
        "target": 101.0,
        "stop": 99.0,
        "opens_at": opens,
        "expires_at": opens + timedelta(minutes=10),
        "half_spread_bps": 1.0,
        "slippage_bps": 0.0,
        "cost_model": "venue/1",
    }
    return Prediction(**(base | changes))


class Predicts:
    """A raw-data module that predicts at the minutes it was told to."""

    name = "raw_data.test"
    reads = ("market:heartbeat",)

    def __init__(self, by_minute: dict[int, Prediction]) -> None:
        self._by_minute = by_minute

    async def handle(self, strand: Strand, desk: Desk) -> Said:
        assert isinstance(strand.body, Heartbeat)
        at = int((strand.body.minute - START) / timedelta(minutes=1))
        if at not in self._by_minute:
            return NOTHING
        return Said(
            drafts=(Draft(body=self._by_minute[at], tags=("raw_data:prediction:volume",), symbol="BTC"),)
        )


class Network:
    """A lockstep of the two learners and one predictor over bars given by hand."""

    def __init__(self, by_minute: dict[int, Prediction], *, learners_first: bool = False) -> None:
        self.book = Book(Horizons({"volume.spike": {"1m": 600}}))
        self.window = Window(["BTC"])
        learners = [Seat(module=Outcomes(), order="feed"), Seat(module=Evidence(self.book), order="free")]
        predictor = [Seat(module=Predicts(by_minute))]
        seats = learners + predictor if learners_first else predictor + learners
        self.board = Lockstep(seats, lambda: START, strict=True, forgiving=False)
        self.board.lay(desks(self.board.past, lambda at: self.window.view()))

    async def run(self, *bars: tuple[float, float, float, float], volume: float = 5.0) -> None:
        for i, (o, h, low, c) in enumerate(bars):
            at = START + timedelta(minutes=i)
            bar = Bar(venue="test", symbol="BTC", at=at, open=o, high=h, low=low, close=c, volume=volume)
            self.window.append(int(at.timestamp()) // 60, [bar])
            body = Heartbeat(feed="test", minute=at, present=("BTC",))
            cause = Cause(module="market.heartbeat", at=at + timedelta(minutes=1), key=f"test:{i}")
            self.board.post([Draft(body=body, tags=("market:heartbeat",))], cause)
            await self.board.drain()

    async def said(self, kind: str) -> list[Strand]:
        return list(reversed(await self.board.past.latest(kind, limit=100)))


FLAT = (100.0, 100.2, 99.8, 100.0)
UP = (100.0, 101.5, 99.9, 101.4)


@pytest.mark.parametrize("learners_first", [False, True])
async def test_a_prediction_gets_one_outcome_that_names_it_as_parent(learners_first: bool) -> None:
    net = Network({0: a_prediction(0)}, learners_first=learners_first)
    await net.run(FLAT, FLAT, UP, FLAT)
    (prediction,) = await net.said("prediction")
    (strand,) = await net.said("outcome")
    outcome = strand.body
    assert isinstance(outcome, Outcome)
    assert prediction.id in strand.parents
    assert (outcome.closed_by, outcome.entry, outcome.exit) == ("target", 100.0, 101.0)
    assert outcome.opened_at == START + timedelta(minutes=1)
    assert outcome.closed_at == START + timedelta(minutes=3)
    assert outcome.r_bps == pytest.approx(100.0 - 5.5 - 1.5)


async def test_the_minute_of_the_prediction_itself_is_never_part_of_its_outcome() -> None:
    net = Network({1: a_prediction(1)})
    await net.run(FLAT, UP, FLAT)
    assert await net.said("outcome") == []


async def test_the_book_and_the_tables_learn_of_the_outcome() -> None:
    net = Network({0: a_prediction(0)})
    await net.run(FLAT, FLAT, UP, FLAT)
    (row,) = await net.board.past.look("evidence.page")
    assert row["pattern"] == "volume.spike"
    now_s = int((START + timedelta(minutes=4)).timestamp())
    keys = {str(row.key): row for row in net.book.all_scores(now_s)}
    assert keys["volume.spike:up|symbol=BTC|timeframe=1m|regime=flat_calm|session=europe"].n == 1
    assert keys["*"].n_blocks == 1
    assert await net.board.past.look("prediction.open") == []


async def test_without_trading_at_the_opening_there_is_a_strand_that_says_so() -> None:
    net = Network({0: a_prediction(0)})
    await net.run(FLAT, FLAT, volume=0.0)
    (strand,) = await net.said("no_outcome")
    assert isinstance(strand.body, NoOutcome)
    assert await net.board.past.look("evidence.page") == []


async def test_a_late_prediction_is_kept_but_calibrates_nothing() -> None:
    net = Network({0: a_prediction(0, late=True)})
    await net.run(FLAT, FLAT, UP)
    (row,) = await net.board.past.look("evidence.page")
    assert row["late"]
    assert not [row for row in net.book.all_scores(int((START + timedelta(hours=1)).timestamp())) if row.n]


async def test_a_successor_follows_on_from_the_tables_and_reaches_the_same_outcome() -> None:
    whole = Network({0: a_prediction(0)})
    await whole.run(FLAT, FLAT, FLAT, UP)
    (expected,) = await whole.said("outcome")

    broken = Network({0: a_prediction(0)})
    await broken.run(FLAT, FLAT, FLAT)
    successor = Outcomes()
    bar = Bar(
        venue="t",
        symbol="BTC",
        at=START + timedelta(minutes=3),
        open=UP[0],
        high=UP[1],
        low=UP[2],
        close=UP[3],
        volume=5.0,
    )
    broken.window.append(int(bar.at.timestamp()) // 60, [bar])
    beat = (await broken.said("heartbeat"))[-1]
    desk = desks(broken.board.past, lambda at: broken.window.view())(beat)
    said = await successor.handle(beat, desk)
    assert [draft.body for draft in said.drafts] == [expected.body]
    assert await successor.handle(beat, desk) == said  # a redelivery gets the same answer


async def test_a_prediction_that_arrives_after_its_bars_is_followed_on_all_of_them() -> None:
    net = Network({})
    await net.run(FLAT, FLAT, UP)
    first, _, last = await net.said("heartbeat")
    learner = Outcomes()
    await learner.handle(last, desks(net.board.past, lambda at: net.window.view())(last))
    late = replace(first, id=UUID(int=7), kind="prediction", body=a_prediction(0))
    early = Window(["BTC"])
    early.append(int(START.timestamp()) // 60, [])
    said = await learner.handle(late, desks(net.board.past, lambda at: early.view())(late))
    assert [write.name for write in said.writes] == ["prediction.open"]
    after = replace(last, id=UUID(int=8))
    said = await learner.handle(after, desks(net.board.past, lambda at: net.window.view())(after))
    (outcome,) = [draft.body for draft in said.drafts]
    assert isinstance(outcome, Outcome)
    assert outcome.late  # kept, but it calibrates nothing
    assert [write.name for write in said.writes] == ["prediction.close", "evidence.add"]


async def test_a_book_restored_from_the_tables_gives_the_same_numbers() -> None:
    rng = np.random.default_rng(5)
    closes = (100 * np.exp(np.cumsum(rng.normal(0, 0.002, 200)))).tolist()
    opens = [100.0, *closes[:-1]]
    bars = [(o, max(o, c) * 1.001, min(o, c) * 0.999, c) for o, c in zip(opens, closes, strict=True)]
    predictions = {
        i: a_prediction(i, reference=closes[i], target=closes[i] * 1.004, stop=closes[i] * 0.996)
        for i in range(0, 190, 3)
    }
    net = Network(predictions)
    await net.run(*bars)
    assert len(await net.said("outcome")) > 50
    rebuilt = Book(Horizons({"volume.spike": {"1m": 600}}))
    await restore(rebuilt, net.board.past)
    now_s = int((START + timedelta(minutes=200)).timestamp())
    leaf = leaf_of(predictions[0])
    mine, theirs = (astuple(book.prior(leaf, now_s, 10.0)) for book in (rebuilt, net.book))
    assert mine == pytest.approx(theirs, rel=1e-9)
    assert from_unix_ms(now_s * 1_000) == START + timedelta(minutes=200)


EVERY = 20  # minutes, a block of this pattern


def ordinary(n: int) -> float:
    """The n-th usual result, between −10 and +10 bps before costs."""
    return float(np.random.default_rng(n).uniform(-0.1, 0.1))


class Surprised(Network):
    """One forecast per block; `moves` says by how much the price has moved, in percent, when each expires."""

    def __init__(self, moves: list[float]) -> None:
        super().__init__({EVERY * n: a_prediction(EVERY * n) for n in range(len(moves))})
        self.moves = moves
        learners = [Seat(module=Outcomes(self.book), order="feed"), Seat(module=Evidence(self.book))]
        predicts = Seat(module=Predicts({EVERY * n: a_prediction(EVERY * n) for n in range(len(moves))}))
        self.board = Lockstep([predicts, *learners], lambda: START, strict=True, forgiving=False)
        self.board.lay(desks(self.board.past, lambda at: self.window.view()))

    async def told(self) -> list[tuple[Outcome, float | None]]:
        bars = []
        for move in self.moves:
            bars += [FLAT] * 10
            end = 100.0 + move
            bars += [(100.0, max(100.2, end), min(99.8, end), end)] + [FLAT] * (EVERY - 11)
        await self.run(*bars)
        said = [(strand.body, strand.scores.surprise) for strand in await self.said("outcome")]
        return [(body, surprise) for body, surprise in said if isinstance(body, Outcome)]


async def test_an_outcome_says_how_surprising_it_is_among_those_known_before() -> None:
    usual = [ordinary(n) for n in range(30)]
    told = await Surprised([*usual, -5.0, ordinary(99)]).told()
    results = [body.r_bps for body, _ in told]
    surprises = [surprise for _, surprise in told]
    assert surprises[:20] == [None] * 20  # nobody knows yet what is usual
    for n in range(20, len(told)):
        earlier = np.array(results[:n])
        assert surprises[n] == pytest.approx(marks.surprise(results[n], earlier, n)), n
    crash = surprises[30]
    assert told[30][0].closed_by == "stop" and crash == 1.0
    usual_ones = [surprise for surprise in (*surprises[20:30], surprises[31]) if surprise is not None]
    assert len(usual_ones) == 11 and np.mean(usual_ones) < 0.75


async def test_surprise_never_reads_what_comes_after() -> None:
    usual = [ordinary(n) for n in range(26)]
    calm, wild = [(await Surprised([*usual, *later]).told())[:26] for later in ([0.05, 0.05], [-5.0, 5.0])]
    assert [surprise for _, surprise in calm] == [surprise for _, surprise in wild]
