"""A minute scores the keys that outcomes touched; a night scores all, with θ, and keeps what it knew."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from strandloom.blackboard.cause import Cause
from strandloom.blackboard.desk import Laid, desks, no_market
from strandloom.blackboard.lockstep import Lockstep
from strandloom.blackboard.module import Seat
from strandloom.blackboard.strand import Draft
from strandloom.kinds.heartbeat import Heartbeat
from strandloom.kinds.job import Job
from strandloom.kinds.resonance import Resonance
from strandloom.learning.book import Book
from strandloom.learning.field import field
from strandloom.learning.horizons import Horizons
from strandloom.learning.keys import scopes
from strandloom.learning.scores import KeyScorer
from tests.outcomes import Told, some_told

START = datetime(2025, 5, 20, tzinfo=UTC)
HORIZONS = Horizons(
    {"volume.spike": {"1m": 1_800, "5m": 3_600}, "momentum.trend": {"1m": 1_800, "5m": 3_600}}
)


class Network:
    """The scorer alone, over a book that is filled by hand."""

    def __init__(self, told: list[Told]) -> None:
        self.book = Book(HORIZONS)
        self.told = told
        self.scorer = KeyScorer(self.book)
        self.board = Lockstep(
            [Seat(module=self.scorer, order="feed")], lambda: datetime.now(UTC), strict=True
        )
        self.board.lay(desks(self.board.past, no_market))
        self._known_s = 0

    def know(self, until_s: int) -> None:
        for each in self.told:
            if self._known_s <= each.opened_s < until_s:
                self.book.opened(each.name, each.leaf, each.opened_s)
        for each in self.told:
            if self._known_s < each.closed_s <= until_s:
                self.book.closed(each.name, each.closed_s, each.r_bps, each.p, each.base)
        self._known_s = until_s

    async def minute(self, opens_s: int) -> None:
        at = datetime.fromtimestamp(opens_s, UTC)
        beat = Draft(body=Heartbeat(feed="test", minute=at, present=()), tags=("market:heartbeat",))
        self.board.post(
            [beat], Cause(module="market.heartbeat", at=at + timedelta(minutes=1), key=f"{opens_s}")
        )
        await self.board.drain()

    async def night(self, at_s: int) -> Resonance:
        at = datetime.fromtimestamp(at_s, UTC)
        job = Draft(body=Job(job="nightly", slot=at), tags=("system:job:nightly",))
        self.board.post([job], Cause(module="jobs.timetable", at=at, key=f"night {at_s}"))
        await self.board.drain()
        (strand,) = await self.board.past.latest("resonance")
        assert isinstance(strand.body, Resonance)
        return strand.body


async def test_a_minute_writes_the_keys_of_the_outcomes_known_when_it_opened() -> None:
    told = some_told(1, 300)
    net = Network(told)
    first = min(told, key=lambda each: each.closed_s)
    net.know(first.closed_s)
    await net.minute(first.closed_s - 60)
    assert await net.board.past.look("key.scores") == []
    await net.minute(first.closed_s)
    rows = {row["key"] for row in await net.board.past.look("key.scores")}
    touched = {each.leaf for each in told if each.closed_s == first.closed_s}
    assert rows == {str(key) for leaf in touched for key in scopes(leaf)}
    before = len(net.board.slate.archive)
    await net.minute(first.closed_s + 60)
    assert len(net.board.slate.archive) == before + 1  # a minute without news says nothing


class _Ahead:
    """A stretch of minutes; nobody asks for its bars here."""

    symbols: tuple[str, ...] = ()

    def __init__(self, first: int, stop: int) -> None:
        self.first, self.stop = first, stop


async def test_a_replay_may_pass_over_minutes_until_an_outcome_is_known() -> None:
    told = some_told(5, 50)
    net = Network(told)
    first_s = min(each.closed_s for each in told)
    ahead, desk = (
        _Ahead(first_s // 60 - 30, first_s // 60 + 30),
        Laid(START, net.board.past, net.board.past, no_market),
    )
    assert await net.scorer.wakes(ahead, desk) == ahead.stop  # type: ignore[arg-type]
    net.know(first_s)
    assert await net.scorer.wakes(ahead, desk) == first_s // 60  # type: ignore[arg-type]
    await net.minute(first_s)
    assert await net.scorer.wakes(ahead, desk) == ahead.stop  # type: ignore[arg-type]


async def test_a_night_scores_every_key_and_says_how_alive_all_is() -> None:
    told = some_told(2, 6_000)
    net = Network(told)
    end = told[-1].closed_s + 7_200
    net.know(end)
    await net.minute(end)
    body = await net.night(end + 60)
    assert 0.0 < body.theta < 1.0
    assert body.keys == len(net.book.shelf.keys)
    assert body.compared > 10
    assert set(body.theta_by_regime) == {"up_calm", "flat_wild"}
    assert [row.resonance for row in body.best] == sorted((row.resonance for row in body.best), reverse=True)
    rows = {row["key"]: row for row in await net.board.past.look("key.scores", limit=10_000)}
    leaf = str(told[0].leaf)
    assert rows[leaf]["novelty"] is not None and rows[leaf]["selection"] is not None
    at = datetime.fromtimestamp(end + 60, UTC)
    (then,) = await net.board.past.look("key.scores_then", keys=[leaf], at=at.isoformat())
    assert then == {**rows[leaf], "as_of": at.isoformat()}
    net.book.standings.of(told[0].leaf, end + 120)
    assert net.book.standings.theta == body.theta


async def test_the_same_slot_again_says_the_same() -> None:
    told = some_told(3, 2_000)
    net = Network(told)
    net.know(told[-1].closed_s)
    once = await net.night(told[-1].closed_s + 60)
    again = await net.night(told[-1].closed_s + 60)
    assert again == once
    assert len(await net.board.past.latest("resonance", limit=5)) == 1


def test_keys_that_say_the_same_count_as_one_and_are_not_new() -> None:
    told = some_told(4, 4_000)
    twin = [each._replace(name=type(each.name)(int=each.name.int + 10**6)) for each in told]
    twin = [each._replace(leaf=_other_symbol(each.leaf)) for each in twin]
    single, double = Book(HORIZONS), Book(HORIZONS)
    for book, all_told in ((single, told), (double, [*told, *twin])):
        for each in sorted(all_told, key=lambda each: (each.opened_s, each.name)):
            book.opened(each.name, each.leaf, each.opened_s)
            book.closed(each.name, each.closed_s, each.r_bps, each.p, each.base)
    now_s = told[-1].closed_s + 60
    one, two = (field(book, book.all_scores(now_s)) for book in (single, double))
    assert two.theta == pytest.approx(one.theta, rel=1e-9)
    assert len(two.leaves) == 2 * len(one.leaves)
    assert all(row.selection == 0.0 for row in two.leaves)  # each has a twin
    assert np.std([row.novelty for row in two.leaves]) == 0.0


def _other_symbol(leaf):  # type: ignore[no-untyped-def]
    return leaf._replace(symbol=f"X{leaf.symbol}")
