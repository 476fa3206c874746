"""From outcomes to braids, and from braids to braids of braids: the weaver's story on a board in memory."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from strandloom.blackboard.cause import Cause, delivered
from strandloom.blackboard.desk import desks, no_market
from strandloom.blackboard.lockstep import Lockstep
from strandloom.blackboard.module import Seat
from strandloom.blackboard.strand import Draft, Strand
from strandloom.kinds.braid import Braid
from strandloom.kinds.heartbeat import Heartbeat
from strandloom.kinds.job import Job
from strandloom.kinds.pattern import Overview
from strandloom.learning.embedding import HashingEmbedder
from strandloom.teams.cil.weaver import Weaver
from tests.contract.test_evidence_tables import an_outcome
from tests.unit.learning.test_evidence_story import START, a_prediction

OUTCOME_TAGS = ("learning:outcome", "cil:outcome")


class Network:
    """The weaver alone; outcomes come from outside."""

    def __init__(self, weavers: int = 1) -> None:
        self.weavers = [Weaver(HashingEmbedder()) for _ in range(weavers)]
        seats = [Seat(module=self.weavers[0], order="feed")]
        self.board = Lockstep(seats, lambda: datetime(2026, 1, 1, tzinfo=UTC), strict=True, forgiving=False)
        self.desks = desks(self.board.past, no_market)
        self.board.lay(self.desks)

    async def outcomes(self, *n: int, net_bps: float = 5.0, at: int = 20, **changes: str) -> None:
        for each in n:
            body = an_outcome(each, a_prediction(0, **changes), net_bps * (-1) ** each)
            cause = Cause(module="learning.outcomes", at=START + timedelta(minutes=at), key=f"outcome {each}")
            self.board.post([Draft(body=body, tags=OUTCOME_TAGS, symbol=body.symbol)], cause)
        await self.board.drain()

    async def quarter(self, at: int) -> list[Braid]:
        """The heartbeat that closes a quarter of an hour, and what was woven at it."""
        when = START + timedelta(minutes=at)
        beat = Heartbeat(feed="test", minute=when - timedelta(minutes=1), present=())
        cause = Cause(module="market.heartbeat", at=when, key=f"beat {at}")
        self.board.post([Draft(body=beat, tags=("market:heartbeat", "market:heartbeat:15m"))], cause)
        await self.board.drain()
        return [strand.body for strand in await self.braids() if strand.at == when]  # type: ignore[misc]

    async def braids(self) -> Sequence[Strand]:
        return list(reversed(await self.board.past.latest("braid", limit=1_000)))


async def test_two_outcomes_wait_and_the_third_makes_a_braid_of_each_cluster() -> None:
    net = Network()
    await net.outcomes(1, 2)
    assert await net.quarter(30) == []
    await net.outcomes(3, at=31)
    woven = await net.quarter(45)
    assert sorted(body.cluster for body in woven) == [
        "method:code",
        "pattern:volume.spike:up@1m",
        "symbol:BTC",
        "timeframe:1m",
    ]  # of won and lost there are not three yet
    assert {body.n for body in woven} == {3}
    assert await net.quarter(60) == []


async def test_a_person_may_have_it_woven_before_the_quarter_is_over() -> None:
    net = Network()
    await net.outcomes(1, 2, 3)
    when = START + timedelta(minutes=25)
    job = Draft(body=Job(job="braids", slot=when, by="person"), tags=("system:job:braids",))
    net.board.post([job], Cause(module="jobs.timetable", at=when, key="braids"))
    await net.board.drain()
    assert {strand.at for strand in await net.braids()} == {when}
    assert await net.quarter(30) == []


async def test_a_braid_has_its_members_as_parents_and_a_lifecycle_of_its_own() -> None:
    net = Network()
    await net.outcomes(1, 2, 3)
    await net.quarter(30)
    members = [strand.id for strand in await net.board.past.latest("outcome", limit=9)]
    for strand in await net.braids():
        assert set(members) < set(strand.parents)
        assert strand.lifecycle == strand.id
        assert strand.braid_level == 1
        assert strand.kind == "braid"


async def test_three_braids_of_a_level_make_one_of_the_next_without_end() -> None:
    net = Network()
    for step in range(27):
        await net.outcomes(*range(3 * step + 1, 3 * step + 4), at=20 + 15 * step)
        await net.quarter(30 + 15 * step)
    for step in range(27, 31):
        await net.quarter(30 + 15 * step)
    mine = [s for s in await net.braids() if s.body.cluster == "symbol:BTC"]  # type: ignore[attr-defined]
    by_level = {level: [s for s in mine if s.braid_level == level] for level in (1, 2, 3, 4)}
    assert {level: len(found) for level, found in by_level.items()} == {1: 27, 2: 9, 3: 3, 4: 1}
    (top,) = by_level[4]
    assert isinstance(top.body, Braid) and top.body.n == 81
    assert {strand.id for strand in by_level[3]} < set(top.parents)


async def test_the_same_outcomes_again_weave_the_same_braids_with_the_same_ids() -> None:
    async def told() -> list[tuple[UUID, Braid]]:
        net = Network()
        await net.outcomes(*range(1, 12))
        await net.quarter(30)
        await net.quarter(45)
        return [(strand.id, strand.body) for strand in await net.braids()]  # type: ignore[misc]

    once = await told()
    assert once == await told()
    assert len(once) > 5


async def test_a_heartbeat_that_comes_again_weaves_nothing_twice() -> None:
    net = Network()
    await net.outcomes(1, 2, 3)
    await net.quarter(30)
    before = len(await net.braids())
    (beat,) = await net.board.past.latest("heartbeat")
    assert not (await net.weavers[0].handle(beat, net.desks(beat))).drafts
    (outcome, *_) = await net.board.past.latest("outcome")
    said = await net.weavers[0].handle(outcome, net.desks(outcome))
    net.board.slate.post(said.drafts, delivered(outcome, "cil.weaver"), said.writes)
    assert await net.quarter(45) == []
    assert len(await net.braids()) == before


async def test_of_two_weavers_at_once_one_is_told_to_think_again() -> None:
    net = Network(weavers=2)
    await net.outcomes(1, 2, 3)
    beat = Heartbeat(feed="test", minute=START + timedelta(minutes=29), present=())
    draft = Draft(body=beat, tags=("market:heartbeat",))  # nobody hears it: both weavers are asked by hand
    causes = [Cause(module="market.heartbeat", at=START + timedelta(minutes=30), key=key) for key in "ab"]
    strands = [await net.board.past.get(net.board.post([draft], cause)[0]) for cause in causes]
    said = [
        await weaver.handle(strand, net.desks(strand))
        for weaver, strand in zip(net.weavers, strands, strict=True)
        if strand is not None
    ]
    assert len(said[0].drafts) == len(said[1].drafts) == 4
    post = net.board.slate.post
    assert strands[0] is not None and strands[1] is not None
    post(said[0].drafts, delivered(strands[0], "cil.weaver"), said[0].writes)
    with pytest.raises(Exception, match=r"braid\.consume"):
        post(said[1].drafts, delivered(strands[1], "cil.weaver"), said[1].writes)
    assert len(await net.braids()) == 4
    again = await net.weavers[1].handle(strands[1], net.desks(strands[1]))
    assert again.drafts == ()


async def test_patterns_that_stood_together_are_a_cluster_of_their_own() -> None:
    net = Network()
    signature = "momentum.trend:up@5m + volume.spike:up@1m"
    body = Overview(
        minute=START,
        timeframes=("1m",),
        began=("BTC volume.spike:up@1m",),
        ended=(),
        active=2,
        signatures={"BTC": signature},
    )
    cause = Cause(module="raw_data.overview", at=START + timedelta(minutes=1), key="overview")
    net.board.post([Draft(body=body, tags=("cil:overview",))], cause)
    await net.outcomes(1, 2, 3)
    found = [body.cluster for body in await net.quarter(30)]
    assert f"signature:1:{signature}" in found
    assert "beside momentum.trend:up@5m" in (await net.braids())[0].body.about  # type: ignore[attr-defined]


async def test_a_late_outcome_is_no_memory() -> None:
    net = Network()
    for n in (1, 2, 3):
        body = an_outcome(n, a_prediction(0, late=True), 5.0)
        cause = Cause(module="learning.outcomes", at=START + timedelta(minutes=20), key=f"late {n}")
        net.board.post([Draft(body=body, tags=OUTCOME_TAGS)], cause)
    await net.board.drain()
    assert await net.quarter(30) == []


async def test_similar_situations_are_found_nearest_first() -> None:
    net = Network()
    await net.outcomes(1, 2, 3)
    await net.outcomes(4, 5, 6, symbol="ETH")
    await net.outcomes(
        7, 8, 9, pattern="momentum.trend", symbol="SOL", timeframe="1h", regime="up_wild", session="us"
    )
    await net.quarter(30)
    by_cluster = {s.body.cluster: str(s.id) for s in await net.braids()}  # type: ignore[attr-defined]
    near = await net.board.past.look("embedding.similar", strand=by_cluster["symbol:BTC"], limit=50)
    order = [row["strand"] for row in near]
    assert order.index(by_cluster["symbol:ETH"]) < order.index(by_cluster["symbol:SOL"])
    assert near[0]["cosine"] <= 1.0 + 1e-9
