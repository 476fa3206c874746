"""Following the board: each new strand once, oldest first."""

from collections.abc import Sequence

from strandloom.blackboard.board import Search
from strandloom.blackboard.memory_board import memory_board
from strandloom.blackboard.strand import Strand
from strandloom.blackboard.tail import Tail
from tests.builders import a_note, from_feed
from tests.clocks import HandClock
from tests.kinds import Note


def texts(strands: Sequence[Strand]) -> list[str]:
    return [strand.body.text for strand in strands if isinstance(strand.body, Note)]


async def test_every_strand_is_shown_once_in_order() -> None:
    clock = HandClock()
    board = memory_board(clock.wall)
    tail = Tail(board, Search(), clock)
    await board.post([a_note(f"old {n}") for n in range(5)], from_feed())

    assert texts(await tail.last(2)) == ["old 3", "old 4"]
    assert await tail.new() == []
    await board.post([a_note("new 1"), a_note("new 2")], from_feed(1))
    assert texts(await tail.new()) == ["new 1", "new 2"]
    clock.pass_s(60)
    assert await tail.new() == []
    await board.post([a_note("new 3")], from_feed(2))
    assert texts(await tail.new()) == ["new 3"]


async def test_only_what_was_asked_for_is_shown() -> None:
    clock = HandClock()
    board = memory_board(clock.wall)
    tail = Tail(board, Search(tag="dm:*"), clock)
    await tail.last(0)
    await board.post([a_note("no"), a_note("yes", tags=("dm:note",))], from_feed())

    assert texts(await tail.new()) == ["yes"]
