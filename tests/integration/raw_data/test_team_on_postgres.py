"""The team through PostgreSQL and the live window says what it says in memory over a history."""

from collections.abc import Sequence
from typing import Any

from strandloom.basics.clock import SystemClock
from strandloom.blackboard.board import Past, Search
from strandloom.blackboard.desk import desks
from strandloom.blackboard.lockstep import Lockstep
from strandloom.blackboard.lockstep_board import BoardLockstep
from strandloom.blackboard.module import Seat
from strandloom.blackboard.postgres import postgres_board
from strandloom.learning.book import Book
from strandloom.learning.evidence import Evidence
from strandloom.learning.horizons import Horizons
from strandloom.learning.outcomes import Outcomes
from strandloom.market import beat
from strandloom.market.history import History
from strandloom.market.replay import beats
from strandloom.market.window import Window
from strandloom.scoring.costs import VENUE
from strandloom.store.database import Database
from strandloom.teams.raw_data import team
from tests.frames import sample_panel
from tests.replayed import WALL

START, MINUTES = 1_320, 45


def the_team() -> tuple[Seat, ...]:
    book = Book(Horizons(team.horizons()))
    learning = Seat(module=Outcomes(), order="feed"), Seat(module=Evidence(book), order="feed")
    return (*team.seats(book, VENUE), *learning)


async def told(past: Past) -> Sequence[Any]:
    strands = (await past.find(Search(), limit=1_000)).strands
    return sorted(
        (s.id, s.lifecycle, s.parents, s.module, s.kind, s.tags, s.symbol, s.regime, s.scores, s.at, s.body)
        for s in strands
    )


async def test_memory_and_postgres_tell_the_same_story_of_the_sample(database: Database) -> None:
    panel = sample_panel(minutes=START + MINUTES)
    memory = Lockstep(the_team(), lambda: WALL, forgiving=False)
    memory.lay(desks(memory.past, History(panel).at))
    window = Window()
    window.warm(panel.between(panel.start, panel.start + START))
    board = postgres_board(database, SystemClock())
    stored = BoardLockstep(the_team(), board, desks(board, window.at), holder="parity")
    await stored.start()
    for each in beats(panel.between(panel.start + START, panel.stop)):
        drafts, cause = [beat.draft(each.minute, each.body)], beat.cause("test", each.minute)
        window.append(each.minute, panel.column(each.minute))
        memory.post(drafts, cause)
        await stored.post(drafts, cause)
        assert await memory.drain() == await stored.drain()
    said = await told(memory.past)
    assert said == await told(board)
    assert {"pattern", "prediction", "outcome", "overview", "uncertainty"} <= {row[4] for row in said}
    assert memory.dead == [] and len(await board.dead()) == 0
