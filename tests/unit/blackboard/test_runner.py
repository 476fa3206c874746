"""The runner over the memory board: who is served, what an error leads to, and how it stops."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from random import Random
from uuid import UUID

import pytest

from strandloom.basics.errors import Halt, Refused, Retryable
from strandloom.blackboard.board import Search
from strandloom.blackboard.cause import Cause
from strandloom.blackboard.delivery import Settlement
from strandloom.blackboard.desk import Desk, desks, no_market
from strandloom.blackboard.memory import Memory
from strandloom.blackboard.memory_board import MemoryBoard
from strandloom.blackboard.module import Module, Seat
from strandloom.blackboard.observe import Handled
from strandloom.blackboard.runner import Runner
from strandloom.blackboard.strand import NOTHING, Draft, Said, Strand, Write
from strandloom.blackboard.waker import Bell
from strandloom.kinds.system import Flood, HaltWanted, HandlerRefused
from tests.builders import a_note, a_plan, a_pulse, from_feed
from tests.clocks import HandClock
from tests.modules import Thinks, fails, says
from tests.takes import a_take


class CountingBoard(MemoryBoard):
    """Remembers how settlements were grouped, and may fail to answer."""

    def __init__(self, core: Memory) -> None:
        super().__init__(core)
        self.groups: list[int] = []
        self.outages = 0
        self.applied_but_cut_off = 0
        self.mute = False
        self.gate = asyncio.Event()
        self.gate.set()

    async def post(
        self, drafts: Sequence[Draft], cause: Cause, writes: Sequence[Write] = ()
    ) -> tuple[UUID, ...]:
        if self.mute:
            raise Retryable("the database does not answer")
        return await super().post(drafts, cause, writes)

    async def complete(self, settlements: Sequence[Settlement]) -> None:
        await self.gate.wait()
        if self.outages:
            self.outages -= 1
            raise Retryable("the database does not answer")
        await super().complete(settlements)
        self.groups.append(len(settlements))
        if self.applied_but_cut_off:
            self.applied_but_cut_off -= 1
            raise Retryable("the connection broke")


class Network:
    """A running network; `until` waits for something to come true without letting time pass."""

    def __init__(self, *modules: Module | Seat, grace_s: float = 5.0) -> None:
        self._seats = [entry if isinstance(entry, Seat) else Seat(module=entry) for entry in modules]
        self._grace_s = grace_s
        self.clock = HandClock()
        self.bell = Bell()
        self.board = CountingBoard(Memory(self.clock.wall, strict=True, on_news=self.bell.ring))
        self.handled: list[Handled] = []

    def _runner(self) -> Runner:
        return Runner(
            self._seats,
            self.board,
            desks(self.board, no_market),
            self.bell,
            self.clock,
            holder="me",
            rng=Random(1),
            observe=self.handled.append,
            grace_s=self._grace_s,
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Network"]:
        task = asyncio.create_task(self._runner().run())
        await self.until(lambda: self.board.core.lanes)
        try:
            yield self
        finally:
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    async def until(self, true: Callable[[], object]) -> None:
        for _ in range(2_000):
            if true():
                return
            await asyncio.sleep(0)
        raise AssertionError("it did not come true")

    async def settled(self) -> None:
        """Until nothing is open."""
        await self.until(lambda: self.board.core.counts()["deliveries"] == 0)

    async def post(self, count: int = 1, *, start: int = 0) -> None:
        for n in range(start, start + count):
            await self.board.post([a_pulse(n)], from_feed(n))

    async def strands(self) -> Sequence[Strand]:
        return (await self.board.find(Search(), limit=1000)).strands[::-1]

    async def kinds(self) -> list[str]:
        return [strand.kind for strand in await self.strands()]


async def test_a_heartbeat_runs_through_the_network() -> None:
    network = Network(
        Thinks("raw_data.patterns", ["market:heartbeat"], says(a_note())),
        Thinks("decision_maker.planner", ["raw_data:*"], says(a_plan())),
        Thinks("cil.reader", ["*"]),
    )
    async with network.running():
        await network.post()
        await network.settled()

        assert await network.kinds() == ["t_pulse", "t_note", "t_plan"]


async def test_a_runner_finds_what_waited_before_it_started() -> None:
    network = Network(Thinks("raw_data.patterns", ["market:heartbeat"], says(a_note())))
    async with network.running():
        await network.post()
        await network.settled()
    await network.post(start=1)
    async with network.running():
        await network.settled()

    assert await network.kinds() == ["t_pulse", "t_note", "t_pulse", "t_note"]


async def test_no_more_handlers_run_at_once_than_the_seat_allows() -> None:
    gate, running, peak = asyncio.Event(), 0, 0

    async def wait(strand: Strand, desk: Desk) -> Said:
        nonlocal running, peak
        running += 1
        peak = max(peak, running)
        await gate.wait()
        running -= 1
        return NOTHING

    network = Network(Seat(module=Thinks("raw_data.slow", ["market:*"], wait), at_once=3))
    async with network.running():
        await network.post(9)
        await network.until(lambda: running == 3)
        gate.set()
        await network.settled()

    assert peak == 3


async def test_one_key_is_handled_in_order_also_across_retries() -> None:
    handled: list[str] = []

    def stumble(strand: Strand, desk: Desk) -> Said:
        handled.append(strand.body.text)  # type: ignore[attr-defined]
        if handled == ["1"]:
            raise Retryable("not yet")
        return NOTHING

    notes = says(a_note("1"), a_note("2"), a_note("3"))
    network = Network(
        Thinks("raw_data.teller", ["market:*"], notes),
        Seat(module=Thinks("cil.reader", ["raw_data:*"], stumble), at_once=4),
    )
    async with network.running():
        await network.post()
        await network.until(lambda: handled == ["1"] and len(network.handled) == 2)
        await network.until(lambda: not network.board.core.lanes["raw_data.teller"].open)
        network.clock.pass_s(2)
        network.bell.ring("cil.reader")
        await network.settled()

    assert handled == ["1", "1", "2", "3"]


async def test_a_module_that_hangs_is_cut_off_and_nobody_else_notices() -> None:
    cut_off = asyncio.Event()

    async def hang(strand: Strand, desk: Desk) -> Said:
        try:
            await asyncio.Event().wait()
        finally:
            cut_off.set()
        return NOTHING

    hanging = Seat(module=Thinks("raw_data.hangs", ["market:*"], hang), hang_s=0.01, max_attempts=1)
    network = Network(hanging, Thinks("raw_data.quick", ["market:*"], says(a_note())))
    async with network.running():
        await network.post()
        await network.until(lambda: network.board.core.counts()["strands"] == 2)
        await cut_off.wait()
        await network.settled()

    (letter,) = await network.board.dead()
    assert "raw_data.hangs hung for 0.01 s" in letter.error


async def test_a_flood_is_cut_and_reported() -> None:
    flooding = Thinks("raw_data.flood", ["market:*"], says(*[a_note(str(n)) for n in range(50)]))
    network = Network(Seat(module=flooding, max_drafts=3))
    async with network.running():
        await network.post()
        await network.settled()

    strands = await network.strands()
    assert [strand.kind for strand in strands] == ["t_pulse", "t_note", "t_note", "t_note", "flood"]
    assert strands[-1].body == Flood(drafts=50, limit=3)


async def test_a_module_that_talks_too_fast_is_given_work_more_slowly() -> None:
    talker = Thinks("raw_data.talker", ["market:*"], says(*[a_note(str(n)) for n in range(10)]))
    network = Network(Seat(module=talker, drafts_per_s=1.0), Thinks("raw_data.quiet", ["market:*"]))
    async with network.running():
        await network.post()
        await network.settled()
        await network.post(start=1)
        await network.until(lambda: not network.board.core.lanes["raw_data.quiet"].open)
        assert len(talker.seen) == 1
        network.clock.pass_s(6)
        await network.settled()

    assert len(talker.seen) == 2


async def test_a_refusal_is_posted_as_data_and_settles() -> None:
    no = Refused("max_risk", "too much", {"risk": 0.03})
    network = Network(Thinks("decision_maker.gate", ["market:*"], fails(no)))
    async with network.running():
        await network.post()
        await network.settled()

    refusal = (await network.strands())[1]
    assert refusal.body == HandlerRefused(rule="max_risk", reason="too much", numbers={"risk": 0.03})


async def test_what_keeps_failing_is_retried_with_growing_pauses_and_then_dies() -> None:
    broken = Thinks("raw_data.broken", ["market:*"], fails(*[ValueError("odd")] * 9))
    network = Network(Seat(module=broken, max_attempts=3))
    async with network.running():
        await network.post()
        for attempt, at_most_s in ((1, 1.2), (2, 2.4)):
            await network.until(lambda attempt=attempt: len(network.handled) == attempt)  # type: ignore[misc]
            await network.until(lambda: not _held(network, "raw_data.broken"))
            network.clock.pass_s(at_most_s)
            network.bell.ring("raw_data.broken")
        await network.settled()

    (letter,) = await network.board.dead()
    assert letter.attempts == 3
    assert "ValueError: odd" in letter.error
    await network.until(lambda: True)
    assert await network.kinds() == ["t_pulse", "dead_letter"]


def _held(network: Network, consumer: str) -> bool:
    return any(entry.holder for entry in network.board.core.lanes[consumer].open.values())


async def test_a_halt_is_told_at_once_and_the_delivery_stays() -> None:
    network = Network(Thinks("trader.keeper", ["market:*"], fails(Halt("books differ"))))
    async with network.running():
        await network.post()
        await network.until(lambda: len(network.handled) == 1)
        await network.until(lambda: not _held(network, "trader.keeper"))
        assert (await network.strands())[1].body == HaltWanted(reason="books differ")
        network.clock.pass_s(2)
        network.bell.ring("trader.keeper")
        await network.settled()


async def test_a_board_that_cannot_be_told_of_a_halt_is_told_at_the_next_attempt() -> None:
    books = Halt("books differ")
    network = Network(Thinks("trader.keeper", ["market:*"], fails(books, books)))
    async with network.running():
        await network.post()
        network.board.mute = True
        await network.until(lambda: network.handled and not _held(network, "trader.keeper"))
        assert await network.kinds() == ["t_pulse"]
        network.board.mute = False
        network.clock.pass_s(2)
        network.bell.ring("trader.keeper")
        await network.until(lambda: len(network.handled) == 2 and not _held(network, "trader.keeper"))
        assert await network.kinds() == ["t_pulse", "halt_wanted"]


async def test_answers_that_are_ready_together_are_settled_together() -> None:
    gate = asyncio.Event()

    async def wait(strand: Strand, desk: Desk) -> Said:
        await gate.wait()
        return Said(drafts=(a_note(),))

    network = Network(Seat(module=Thinks("raw_data.slow", ["market:*"], wait), at_once=8))
    async with network.running():
        await network.post(8)
        await network.until(lambda: len(network.board.core.lanes["raw_data.slow"]._held) == 8)
        gate.set()
        await network.settled()

    assert sum(network.board.groups) == 8
    assert len(network.board.groups) < 8


async def test_no_more_is_claimed_than_can_be_settled() -> None:
    network = Network(Seat(module=Thinks("raw_data.quick", ["market:*"]), order="free"))
    network.board.gate.clear()
    async with network.running():
        await network.post(1_200)
        lane = network.board.core.lanes["raw_data.quick"]
        await network.until(lambda: len(lane._held) >= 400)
        for _ in range(200):
            await asyncio.sleep(0)
        assert len(lane._held) <= 500
        network.board.gate.set()
        await network.settled()


async def test_a_bad_answer_does_not_spoil_its_group() -> None:
    def answer(strand: Strand, desk: Desk) -> Said:
        bad = strand.body.minute == 2  # type: ignore[attr-defined]
        return Said(drafts=(a_note(tags=("nonsense",) if bad else ("raw_data:note",)),))

    spoiling = Thinks("raw_data.spoiling", ["market:*"], answer)
    network = Network(Seat(module=spoiling, at_once=5, max_attempts=1))
    async with network.running():
        await network.post(5)
        await network.settled()

    assert sorted(await network.kinds()) == sorted(["t_pulse"] * 5 + ["t_note"] * 4 + ["dead_letter"])
    (letter,) = await network.board.dead()
    assert "tags: 'nonsense' is not a tag" in letter.error


async def test_a_write_whose_condition_fails_makes_only_its_own_handler_think_again() -> None:
    async def spend(strand: Strand, desk: Desk) -> Said:
        spent = sum(row["n"] for row in await desk.tables.look("t.taken", pot="pot"))
        n = min(4, 10 - spent)
        return Said(drafts=(a_note(str(n)),), writes=(a_take(str(strand.id), n),))

    network = Network(Seat(module=Thinks("decision_maker.gate", ["market:*"], spend), at_once=4))
    async with network.running():
        await network.post(4)
        await network.settled()

    taken = [row["n"] for row in await network.board.look("t.taken", pot="pot")]
    assert sorted(taken) == [0, 2, 4, 4]
    assert (await network.kinds()).count("t_note") == 4


async def test_a_board_that_does_not_answer_is_asked_again() -> None:
    network = Network(Thinks("raw_data.patterns", ["market:*"], says(a_note())))
    network.board.outages = 1
    async with network.running():
        await network.post()
        await network.until(lambda: network.board.outages == 0)
        network.clock.pass_s(1)
        await network.settled()

    assert await network.kinds() == ["t_pulse", "t_note"]


async def test_a_connection_that_breaks_after_the_commit_doubles_nothing() -> None:
    network = Network(Thinks("raw_data.patterns", ["market:*"], says(a_note())))
    network.board.applied_but_cut_off = 1
    async with network.running():
        await network.post()
        await network.until(lambda: network.board.applied_but_cut_off == 0)
        network.clock.pass_s(1)
        await network.settled()
        await network.post(start=1)
        await network.settled()

    assert await network.kinds() == ["t_pulse", "t_note", "t_pulse", "t_note"]
    assert await network.board.dead() == []


async def test_the_lease_of_a_slow_handler_is_renewed() -> None:
    gate = asyncio.Event()

    async def wait(strand: Strand, desk: Desk) -> Said:
        await gate.wait()
        return Said(drafts=(a_note(),))

    module = Thinks("raw_data.slow", ["market:*"], wait)
    network = Network(Seat(module=module, lease_s=30.0))
    async with network.running():
        await network.post()
        await network.until(lambda: module.seen)
        for _ in range(10):
            network.clock.pass_s(11)
            await network.until(lambda: _lease_left_s(network, "raw_data.slow") > 20)
        assert await network.board.claim("raw_data.slow", 1, "thief") == []
        gate.set()
        await network.settled()

    assert len(module.seen) == 1


def _lease_left_s(network: Network, consumer: str) -> float:
    (entry,) = network.board.core.lanes[consumer].open.values()
    return entry.visible_at - network.clock.wall().timestamp()


async def test_a_lost_lease_voids_what_was_thought() -> None:
    gate = asyncio.Event()

    async def wait(strand: Strand, desk: Desk) -> Said:
        await gate.wait()
        return Said(drafts=(a_note("from the slow one"),))

    module = Thinks("raw_data.slow", ["market:*"], wait)
    network = Network(module)
    async with network.running():
        await network.post()
        await network.until(lambda: module.seen)
        await network.board.free("me")
        (stolen,) = await network.board.claim("raw_data.slow", 1, "thief")
        gate.set()
        await network.until(lambda: network.handled)
        await network.board.complete([Settlement(delivery=stolen, said=Said(drafts=(a_note("thief"),)))])
        await network.settled()

    notes = await network.board.latest("t_note", limit=9)
    assert [note.body.text for note in notes] == ["thief"]  # type: ignore[attr-defined]


async def test_a_stop_lets_running_handlers_finish_and_gives_the_rest_back() -> None:
    gate = asyncio.Event()

    async def wait(strand: Strand, desk: Desk) -> Said:
        await gate.wait()
        return Said(drafts=(a_note(),))

    module = Thinks("raw_data.slow", ["market:*"], wait)
    network = Network(module)
    async with network.running():
        await network.post(3)
        await network.until(lambda: module.seen)
        asyncio.get_running_loop().call_later(0.01, gate.set)

    assert await network.kinds() == ["t_pulse"] * 3 + ["t_note"]
    assert len(await network.board.claim("raw_data.slow", 9, "heir")) == 2


async def test_a_handler_that_does_not_stop_in_time_is_cut_off_and_its_delivery_given_back() -> None:
    async def hang(strand: Strand, desk: Desk) -> Said:
        await asyncio.Event().wait()
        return NOTHING

    module = Thinks("raw_data.hangs", ["market:*"], hang)
    network = Network(module, grace_s=0.01)
    async with network.running():
        await network.post()
        await network.until(lambda: module.seen)

    assert len(await network.board.claim("raw_data.hangs", 9, "heir")) == 1


async def test_who_keeps_count_hears_of_every_delivery() -> None:
    network = Network(Thinks("raw_data.patterns", ["market:*"], fails(Retryable("later"))))
    async with network.running():
        await network.post()
        await network.until(lambda: network.handled)

    (handled,) = network.handled
    assert (handled.module, handled.kind, handled.outcome) == ("raw_data.patterns", "t_pulse", "failed")
