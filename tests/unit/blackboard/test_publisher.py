"""The publisher's group commit, with a fake database that commits when the test says so."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import pytest

from strandloom.basics.errors import Retryable
from strandloom.blackboard.publisher import Publisher


class Table:
    """Idempotent by id; each commit waits for its turn when `gated`, and refuses the row `bad`."""

    def __init__(self, *, gated: bool = False) -> None:
        self.ids: list[UUID] = []
        self.commits: list[int] = []
        self.gate = asyncio.Semaphore(0 if gated else 1_000)
        self.down = False

    async def send(self, rows: Sequence[Mapping[str, Any]]) -> frozenset[UUID]:
        await self.gate.acquire()
        if self.down:
            raise Retryable("the database is away")
        if any(row.get("bad") for row in rows):
            raise ValueError("a bad row")
        new = [UUID(row["id"]) for row in rows if UUID(row["id"]) not in self.ids]
        self.ids += new
        self.commits.append(len(rows))
        return frozenset(new)


def a_row(n: int, **more: Any) -> dict[str, Any]:
    return {"id": str(UUID(int=n)), **more}


async def _begun(*posts: "asyncio.Task[Any]") -> None:
    """Let the tasks run until they wait for the database."""
    for _ in range(5):
        await asyncio.sleep(0)


async def test_an_idle_publisher_commits_at_once() -> None:
    table = Table()
    assert await Publisher(table.send).post([a_row(1), a_row(2)]) == {UUID(int=1), UUID(int=2)}
    assert table.commits == [2]


async def test_what_arrives_during_a_commit_goes_together_in_the_next() -> None:
    table = Table(gated=True)
    publisher = Publisher(table.send)
    posts = [asyncio.create_task(publisher.post([a_row(n)])) for n in range(10)]
    await _begun(*posts)
    table.gate.release()
    table.gate.release()
    assert await asyncio.gather(*posts) == [{UUID(int=n)} for n in range(10)]
    assert table.commits == [1, 9]
    assert table.ids == [UUID(int=n) for n in range(10)]


async def test_a_group_stays_below_its_limit() -> None:
    table = Table()
    publisher = Publisher(table.send, most=4)
    await asyncio.gather(*(publisher.post([a_row(3 * n), a_row(3 * n + 1)]) for n in range(5)))
    assert max(table.commits) <= 4


async def test_a_refused_row_fails_only_its_poster() -> None:
    table = Table(gated=True)
    publisher = Publisher(table.send)
    rows = [a_row(0), a_row(1), a_row(2, bad=True), a_row(3)]
    posts = [asyncio.create_task(publisher.post([row])) for row in rows]
    await _begun(*posts)
    for _ in range(9):
        table.gate.release()
    outcomes = await asyncio.gather(*posts, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [frozenset, frozenset, ValueError, frozenset]
    assert table.ids == [UUID(int=n) for n in (0, 1, 3)]


async def test_a_database_that_is_away_is_everybodys_error_and_nobody_tries_alone() -> None:
    table = Table()
    table.down = True
    publisher = Publisher(table.send)
    outcomes = await asyncio.gather(*(publisher.post([a_row(n)]) for n in range(3)), return_exceptions=True)
    assert all(isinstance(outcome, Retryable) for outcome in outcomes)


async def test_the_same_strand_from_two_callers_is_new_to_one_of_them() -> None:
    table = Table(gated=True)
    publisher = Publisher(table.send)
    posts = [asyncio.create_task(publisher.post([a_row(n)])) for n in (0, 7, 7)]
    await _begun(*posts)
    table.gate.release()
    table.gate.release()
    assert [len(new) for new in await asyncio.gather(*posts)] == [1, 1, 0]


@pytest.mark.parametrize("victim", [0, 1])
async def test_a_cancelled_caller_takes_nobody_with_it(victim: int) -> None:
    table = Table(gated=True)
    publisher = Publisher(table.send)
    posts = [asyncio.create_task(publisher.post([a_row(n)])) for n in range(3)]
    await _begun(*posts)
    posts[victim].cancel()
    await _begun(*posts)
    for _ in range(3):
        table.gate.release()
    outcomes = await asyncio.gather(*posts, return_exceptions=True)
    assert [isinstance(outcome, frozenset) for outcome in outcomes] == [n != victim for n in range(3)]
