"""The same minutes give the same strands in memory and through the database."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import asyncpg

from strandloom.basics.clock import DrivenClock, SystemClock
from strandloom.basics.errors import Refused, Retryable
from strandloom.blackboard.board import Past, Search
from strandloom.blackboard.desk import Desk, desks, no_market
from strandloom.blackboard.lockstep import Lockstep
from strandloom.blackboard.lockstep_board import BoardLockstep
from strandloom.blackboard.module import Seat
from strandloom.blackboard.postgres import postgres_board
from strandloom.blackboard.strand import Said, Strand
from strandloom.store.database import Database
from tests.builders import NOON, a_note, a_plan, a_pulse, from_feed, minute
from tests.modules import Thinks, says
from tests.takes import a_take

MINUTES = 12
TAKES = (Path(__file__).parents[2] / "takes.sql").read_text()


def a_network() -> list[Seat]:
    """Modules that answer, spend from a pot, look back, refuse, fail for a while, and fail for ever."""
    tries: dict[Strand, int] = {}

    async def spend(strand: Strand, desk: Desk) -> Said:
        spent = sum(row["n"] for row in await desk.tables.look("t.taken", pot="pot"))
        n = min(3, 20 - spent)
        return Said(drafts=(a_plan(symbol="BTC"),), writes=(a_take(str(strand.id), n, limit=20),))

    async def look_back(strand: Strand, desk: Desk) -> Said:
        plans = await desk.board.latest("t_plan", limit=3)
        return Said(
            drafts=(a_note(f"{len(plans)} plans", tags=("cil:note",), parents=tuple(p.id for p in plans)),)
        )

    def stumble(strand: Strand, desk: Desk) -> Said:
        tries[strand] = tries.get(strand, 0) + 1
        if strand.at == minute(3):
            raise ZeroDivisionError("poison")
        if strand.at == minute(4):
            raise Refused("rule", "no", {"n": 1.5})
        if tries[strand] < 2:
            raise Retryable("not yet")
        return Said(drafts=(a_note("at last", tags=("trader:note",)),))

    return [
        Seat(module=Thinks("raw_data.patterns", ["market:heartbeat"], says(a_note("up"), a_note("down")))),
        Seat(module=Thinks("decision_maker.gate", ["raw_data:*"], spend)),
        Seat(module=Thinks("trader.clerk", ["dm:plan"], stumble), max_attempts=3),
        Seat(module=Thinks("cil.reader", ["market:*", "trader:*"], look_back)),
    ]


async def told(past: Past) -> Sequence[Any]:
    """All that a replay must repeat: everything but the wall's time and the database's numbers."""
    strands = (await past.find(Search(), limit=1000)).strands[::-1]
    return [
        (s.id, s.lifecycle, s.parents, s.hop, s.module, s.kind, s.tags, s.symbol, s.scores, s.at, _body(s))
        for s in strands
    ]


def _body(strand: Strand) -> object:
    return strand.body if strand.kind != "dead_letter" else strand.kind


async def test_memory_and_database_tell_the_same_story_in_the_same_order(
    database: Database, database_url: str
) -> None:
    connection = await asyncpg.connect(database_url)
    await connection.execute(TAKES)
    await connection.close()
    clock = DrivenClock(NOON)
    memory = Lockstep(a_network(), clock.now)
    memory.lay(desks(memory.past, no_market))
    board = postgres_board(database, SystemClock())
    stored = BoardLockstep(a_network(), board, desks(board, no_market), holder="parity")
    await stored.start()

    for n in range(MINUTES):
        clock.set(minute(n))
        memory.post([a_pulse(n)], from_feed(n))
        await stored.post([a_pulse(n)], from_feed(n))
        assert await memory.drain() == await stored.drain()

    assert await told(memory.past) == await told(board)
    assert await memory.past.look("t.taken", pot="pot") == await board.look("t.taken", pot="pot")
    assert len(memory.dead) == len(await board.dead()) == 2
