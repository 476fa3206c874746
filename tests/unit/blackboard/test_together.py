"""Questions to a board elsewhere are asked at once; to one in this process, one after the other."""

import asyncio
from datetime import UTC, datetime

import pytest

from strandloom.blackboard.desk import Laid, no_market
from strandloom.blackboard.memory_board import MemoryBoard, memory_board
from strandloom.blackboard.together import together

NOON = datetime(2025, 5, 20, 12, tzinfo=UTC)


def a_desk(*, near: bool) -> Laid:
    board: MemoryBoard = memory_board(lambda: NOON)
    board.near = near
    return Laid(NOON, board, board, no_market)


@pytest.mark.parametrize("near", [True, False])
async def test_the_answers_come_in_the_order_of_the_questions(near: bool) -> None:
    async def said(word: str) -> str:
        return word

    assert await together(a_desk(near=near), said("one"), said("two"), said("three")) == (
        "one",
        "two",
        "three",
    )


async def test_a_board_elsewhere_hears_the_second_question_before_it_answers_the_first() -> None:
    asked = asyncio.Event()

    async def first() -> str:
        await asyncio.wait_for(asked.wait(), timeout=60)
        return "first"

    async def second() -> str:
        asked.set()
        return "second"

    assert await together(a_desk(near=False), first(), second()) == ("first", "second")


async def test_after_an_error_nothing_more_is_asked_and_nothing_is_left_over() -> None:
    heard = []

    async def wrong() -> str:
        raise LookupError("no such strand")

    async def further() -> str:
        heard.append("further")
        return "further"

    idle = further()
    with pytest.raises(LookupError):
        await together(a_desk(near=True), wrong(), idle)
    assert heard == []
    assert idle.cr_frame is None, "it was closed, not forgotten"
