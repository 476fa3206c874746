"""A replay in lockstep: post one heartbeat, drain the board, look at what was said and why."""

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import replace
from datetime import datetime
from random import Random

import pytest

from strandloom.basics.clock import DrivenClock
from strandloom.basics.errors import Halt, Refused, Retryable
from strandloom.blackboard.board import Search, Unacceptable
from strandloom.blackboard.desk import Desk, Market, desks, no_market
from strandloom.blackboard.lockstep import Lockstep
from strandloom.blackboard.module import Module, Seat
from strandloom.blackboard.strand import NOTHING, Said, Strand
from strandloom.kinds.system import Dead, Flood, HaltWanted, HandlerRefused
from tests.builders import NOON, a_note, a_plan, a_pulse, from_feed, minute
from tests.kinds import Note
from tests.modules import Thinks, fails, says
from tests.takes import a_take


class Network:
    """A lockstep network with its clock, driven by minutes."""

    def __init__(self, *modules: Module | Seat, forgiving: bool = True) -> None:
        seats = [entry if isinstance(entry, Seat) else Seat(module=entry) for entry in modules]
        self.clock = DrivenClock(NOON)
        self.steps = Lockstep(seats, self.clock.now, strict=True, forgiving=forgiving)
        self.steps.lay(desks(self.steps.past, no_market))

    async def run(self, minutes: int = 1) -> int:
        handled = 0
        for n in range(minutes):
            self.clock.set(minute(n))
            self.steps.post([a_pulse(n)], from_feed(n))
            handled += await self.steps.drain()
        return handled

    async def strands(self) -> Sequence[Strand]:
        return (await self.steps.past.find(Search(), limit=1000)).strands[::-1]

    async def kinds(self) -> list[str]:
        return [strand.kind for strand in await self.strands()]


def a_pipeline() -> list[Module]:
    """Patterns answer heartbeats, a planner answers patterns, a clerk answers plans."""
    return [
        Thinks("raw_data.patterns", ["market:heartbeat"], says(a_note("up"), a_note("loud"))),
        Thinks("decision_maker.planner", ["raw_data:*"], says(a_plan())),
        Thinks("trader.clerk", ["dm:plan"], says(a_note("noted", tags=("trader:note",)))),
        Thinks("cil.reader", ["*"]),
    ]


async def test_one_heartbeat_grows_into_a_chain_with_its_parents() -> None:
    network = Network(*a_pipeline())

    assert await network.run() == 12

    strands = await network.strands()
    by_id = {strand.id: strand for strand in strands}
    story = [(s.kind, [by_id[parent].kind for parent in s.parents], s.hop) for s in strands]
    assert story == [
        ("t_pulse", [], 0),
        ("t_note", ["t_pulse"], 1),
        ("t_note", ["t_pulse"], 1),
        ("t_plan", ["t_note"], 2),
        ("t_plan", ["t_note"], 2),
        ("t_note", ["t_plan"], 3),
        ("t_note", ["t_plan"], 3),
    ]
    assert strands[5].lifecycle == strands[3].id
    assert {strand.at for strand in strands} == {NOON}


async def test_replaying_the_same_minutes_twice_gives_identical_strands() -> None:
    first, second = Network(*a_pipeline()), Network(*a_pipeline())
    await first.run(minutes=20)
    await second.run(minutes=20)

    assert await first.strands() == await second.strands()


async def test_the_order_of_the_roster_is_the_order_of_the_minute() -> None:
    visited: list[str] = []

    def module(name: str) -> Thinks:
        def note(strand: Strand, desk: Desk) -> Said:
            visited.append(name)
            return NOTHING

        return Thinks(name, ["market:*"], note)

    names = [f"raw_data.m{n}" for n in Random(5).sample(range(9), 9)]
    await Network(*[module(name) for name in names]).run(minutes=2)

    assert visited == names * 2


async def test_the_next_minute_waits_until_the_last_one_is_drained() -> None:
    echo = Thinks("raw_data.echo", ["market:*", "cil:*"], says(a_note(tags=("raw_data:note",))))
    back = Thinks("cil.back", ["raw_data:*"], lambda strand, desk: _answer_until(4, strand))
    network = Network(echo, back)
    await network.run(minutes=3)

    times = [strand.at for strand in await network.strands()]
    assert times == sorted(times)
    assert len(times) == 3 * 6


def _answer_until(hop: int, strand: Strand) -> Said:
    return Said(drafts=(a_note(tags=("cil:note",)),)) if strand.hop < hop else NOTHING


async def test_a_desk_shows_market_time_and_the_past() -> None:
    seen = []

    async def look_back(strand: Strand, desk: Desk) -> Said:
        seen.append((desk.now, len(await desk.board.latest("t_pulse", limit=9))))
        return NOTHING

    await Network(Thinks("raw_data.reader", ["market:*"], look_back)).run(minutes=3)

    assert seen == [(minute(0), 1), (minute(1), 2), (minute(2), 3)]


async def test_only_who_looks_at_the_market_waits_for_it() -> None:
    def not_yet(at: datetime) -> Market:
        raise Retryable("the bars have not come yet")

    def look(strand: Strand, desk: Desk) -> Said:
        return Said(drafts=(a_note(str(desk.market)),))

    blind = Thinks("raw_data.blind", ["market:*"], says(a_note("fine")))
    steps = Lockstep(
        [Seat(module=blind), Seat(module=Thinks("raw_data.looks", ["market:*"], look))], lambda: NOON
    )
    steps.lay(desks(steps.past, not_yet))
    steps.post([a_pulse()], from_feed())
    await steps.drain()

    assert [note.body for note in await steps.past.latest("t_note", limit=9)] == [Note(text="fine")]
    (letter,) = steps.dead
    assert letter.consumer == "raw_data.looks"


async def test_a_refusal_is_posted_as_data_and_settles() -> None:
    no = Refused("max_risk", "too much", {"risk": 0.03, "limit": 0.02})
    network = Network(Thinks("decision_maker.gate", ["market:*"], fails(no)))
    await network.run()

    _, refusal = await network.strands()
    assert refusal.body == HandlerRefused(
        rule="max_risk", reason="too much", numbers={"risk": 0.03, "limit": 0.02}
    )
    assert refusal.module == "decision_maker.gate"
    assert refusal.tags == ("system:refused",)


async def test_what_failed_and_then_works_leaves_no_trace() -> None:
    errors = [Retryable("not yet"), ValueError("odd")]
    module = Thinks("raw_data.shy", ["market:*"], fails(*errors, then=Said(drafts=(a_note("made it"),))))
    network = Network(module)
    await network.run()

    assert await network.kinds() == ["t_pulse", "t_note"]
    assert len(module.seen) == 3


async def test_a_poison_strand_becomes_a_dead_letter_and_others_go_on() -> None:
    def choke(strand: Strand, desk: Desk) -> Said:
        if strand.at == minute(1):
            raise ZeroDivisionError("poison")
        return Said(drafts=(a_note(),))

    network = Network(Seat(module=Thinks("raw_data.choke", ["market:*"], choke), max_attempts=3))
    await network.run(minutes=3)

    (letter,) = network.steps.dead
    assert letter.attempts == 3
    assert "ZeroDivisionError: poison" in letter.error
    assert await network.kinds() == ["t_pulse", "t_note", "t_pulse", "dead_letter", "t_pulse", "t_note"]
    dead = (await network.strands())[3]
    assert dead.body == Dead(attempts=3, error="ZeroDivisionError: poison")


async def test_a_loop_ends_at_the_hop_limit_as_a_dead_letter() -> None:
    ping = Thinks("raw_data.ping", ["market:*", "cil:*"], says(a_note()))
    pong = Thinks("cil.pong", ["raw_data:*"], says(a_note(tags=("cil:note",))))
    network = Network(ping, pong)
    await network.run()

    (letter,) = network.steps.dead
    assert "hop: 65 is past the limit of 64" in letter.error
    assert max(strand.hop for strand in await network.strands()) == 64


async def test_an_unforgiving_replay_raises_what_a_module_raised() -> None:
    network = Network(Thinks("raw_data.choke", ["market:*"], fails(ValueError("odd"))), forgiving=False)

    with pytest.raises(ValueError, match="odd"):
        await network.run()


async def test_a_flood_is_cut_and_reported() -> None:
    module = Thinks("raw_data.flood", ["market:*"], says(*[a_note(str(n)) for n in range(50)]))
    network = Network(Seat(module=module, max_drafts=3))
    await network.run()

    assert await network.kinds() == ["t_pulse", "t_note", "t_note", "t_note", "flood"]
    assert (await network.strands())[-1].body == Flood(drafts=50, limit=3)


async def test_a_halt_is_told_on_the_board_once() -> None:
    module = Thinks("trader.keeper", ["market:*"], fails(Halt("books differ"), Halt("books differ")))
    network = Network(module)
    await network.run()

    assert await network.kinds() == ["t_pulse", "halt_wanted"]
    assert (await network.strands())[1].body == HaltWanted(reason="books differ")
    assert len(module.seen) == 3


async def test_a_write_whose_condition_fails_makes_the_handler_think_again() -> None:
    async def spend(strand: Strand, desk: Desk) -> Said:
        spent = sum(row["n"] for row in await desk.tables.look("t.taken", pot="pot"))
        believed = 0 if len(module.seen) == 2 else spent  # stale the first time in the second minute
        n = min(6, 10 - believed)
        return Said(drafts=(a_note(str(n)),), writes=(a_take(str(strand.id), n),))

    module = Thinks("decision_maker.gate", ["market:*"], spend)
    network = Network(module)
    await network.run(minutes=2)

    assert [row["n"] for row in await network.steps.past.look("t.taken", pot="pot")] == [6, 4]
    assert await network.kinds() == ["t_pulse", "t_note", "t_pulse", "t_note"]
    assert len(module.seen) == 3


async def test_a_handler_that_really_waits_is_waited_for() -> None:
    release: asyncio.Queue[str] = asyncio.Queue()

    async def wait(strand: Strand, desk: Desk) -> Said:
        asyncio.get_running_loop().call_soon(release.put_nowait, "go")
        async with asyncio.timeout(60):
            return Said(drafts=(a_note(await release.get()),))

    network = Network(Thinks("raw_data.slow", ["market:*"], wait), Thinks("cil.reader", ["*"]))
    await network.run(minutes=2)

    assert await network.kinds() == ["t_pulse", "t_note"] * 2


def test_a_network_that_never_waits_needs_no_event_loop() -> None:
    network = Network(*a_pipeline())

    assert _by_hand(network.run(minutes=2)) == 24


def _by_hand(coroutine: Awaitable[int]) -> int:
    try:
        coroutine.__await__().__next__()
    except StopIteration as done:
        return int(done.value)
    raise AssertionError("it waited")


def test_a_pattern_outside_the_grammar_is_refused_before_anything_runs() -> None:
    with pytest.raises(Unacceptable, match=r"^patterns: "):
        Network(Thinks("raw_data.odd", ["heartbeat"]))


async def test_strands_differ_where_the_minutes_differ() -> None:
    network = Network(*a_pipeline())
    await network.run(minutes=2)
    strands = await network.strands()

    assert len({strand.id for strand in strands}) == len(strands)
    assert replace(strands[0], id=strands[7].id) != strands[7]


async def test_a_long_replay_may_forget_the_minutes_that_nobody_answered() -> None:
    async def seldom(strand: Strand, desk: Desk) -> Said:
        await desk.board.latest("t_pulse")
        return Said(drafts=(a_note(),)) if strand.at == minute(2) else NOTHING

    seats = [Seat(module=Thinks("raw_data.seldom", ["market:*"], seldom))]
    clock = DrivenClock(NOON)
    steps = Lockstep(seats, clock.now, keep_silent=False)
    steps.lay(desks(steps.past, no_market))
    for n in range(5):
        steps.post([a_pulse(n)], from_feed(n))
        await steps.drain()

    kept = (await steps.past.find(Search())).strands[::-1]
    assert [(strand.kind, strand.at) for strand in kept] == [("t_pulse", minute(2)), ("t_note", minute(2))]
    assert await steps.past.latest("t_pulse") == (kept[0],)
