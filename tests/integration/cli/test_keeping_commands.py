"""The keeper's commands over a real database: dead list, show, retry, drop; board stats, prune."""

import asyncio
import json
from collections.abc import Callable

import pytest

from strandloom.basics.clock import SystemClock
from strandloom.blackboard.delivery import Subscription
from strandloom.blackboard.postgres import postgres_board
from strandloom.blackboard.sql_board import SqlBoard
from strandloom.cli import app
from strandloom.store.database import Database
from tests.builders import a_note, a_pulse, from_feed

CONSUMER = "raw_data.teller"
ERROR = "Traceback (most recent call last):\n  File x\nValueError: no luck"


@pytest.fixture
def strandloom(
    database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str]]:
    """Runs a command as a shell would: its exit code and what it printed."""
    monkeypatch.setenv("DATABASE_URL", database_url)

    def run(*args: str) -> tuple[int, str]:
        monkeypatch.setattr("sys.argv", ["strandloom", *args])
        with pytest.raises(SystemExit) as stop:
            app.main()
        captured = capsys.readouterr()
        return int(stop.value.code or 0), captured.out + captured.err

    return run


@pytest.fixture
def two_dead(database_url: str) -> list[int]:
    """Three deliveries of which two died; their numbers."""

    async def make(board: SqlBoard) -> list[int]:
        await board.subscribe([Subscription(consumer=CONSUMER, patterns=("market:*",), order="free")])
        await board.post([a_pulse(), a_note(tags=("market:note",)), a_pulse(1)], from_feed())
        claimed = await board.claim(CONSUMER, 2, "me")
        for delivery in claimed:
            await board.fail(delivery, ERROR, again_in_s=None)
        return [delivery.seq for delivery in claimed]

    return asyncio.run(_on_board(database_url, make))


async def _on_board(url: str, act: Callable[[SqlBoard], object]) -> list[int]:
    database = await Database.open(url)
    try:
        return await act(postgres_board(database, SystemClock()))  # type: ignore[misc,no-any-return]
    finally:
        await database.close()


def test_the_dead_are_listed_with_the_last_line_of_their_error(
    strandloom: Callable[..., tuple[int, str]], two_dead: list[int]
) -> None:
    code, out = strandloom("dead", "list", "--json")
    letters = json.loads(out)
    assert code == 0
    assert sorted(letter["seq"] for letter in letters) == two_dead
    assert {letter["error"] for letter in letters} == {"ValueError: no luck"}
    assert strandloom("dead", "list", "--consumer", "cil.nobody")[1] == "nothing is dead\n"


def test_one_is_shown_with_its_whole_error_and_what_it_was(
    strandloom: Callable[..., tuple[int, str]], two_dead: list[int]
) -> None:
    _, out = strandloom("dead", "show", CONSUMER, str(two_dead[0]))
    assert ERROR in out
    assert "t_pulse" in out


def test_a_retried_one_is_delivered_again_and_a_dropped_one_is_gone(
    strandloom: Callable[..., tuple[int, str]], two_dead: list[int]
) -> None:
    first, second = map(str, two_dead)
    assert strandloom("dead", "retry", CONSUMER, first, "--json") == (0, '{\n  "delivered_again": 1\n}\n')
    assert strandloom("dead", "drop", CONSUMER, second)[0] == 0
    assert strandloom("dead", "list")[1] == "nothing is dead\n"
    (queue,) = json.loads(strandloom("board", "stats", "--json")[1])["queues"]
    assert (queue["waiting"], queue["dead"]) == (2, 0)


def test_all_can_be_retried_at_once(strandloom: Callable[..., tuple[int, str]], two_dead: list[int]) -> None:
    assert json.loads(strandloom("dead", "retry", "--all", "--json")[1]) == {"delivered_again": 2}


def test_what_is_not_there_is_said_in_one_sentence(strandloom: Callable[..., tuple[int, str]]) -> None:
    for args in (("show", CONSUMER, "77"), ("retry", CONSUMER, "77"), ("drop", CONSUMER, "77")):
        code, out = strandloom("dead", *args)
        assert code == 2
        assert f"{CONSUMER} has no dead letter 77" in out
    code, out = strandloom("dead", "retry")
    assert (code, "--all" in out) == (2, True)


def test_pruning_removes_what_is_old_and_keeps_what_somebody_waits_for(
    strandloom: Callable[..., tuple[int, str]], database_url: str, two_dead: list[int]
) -> None:
    async def age(board: SqlBoard) -> object:
        await board.post([a_note(tags=("system:note",))], from_feed(9))
        database = await Database.open(database_url)
        async with database.session() as session:
            await session.connection.execute(
                "alter table ad_strands disable trigger ad_immutable;"
                "update ad_strands set created_at = created_at - interval '40 days'"
            )
        return await database.close()

    asyncio.run(_on_board(database_url, age))
    assert json.loads(strandloom("board", "prune", "--keep-days", "30", "--json")[1]) == {"pruned": 1}
    totals = json.loads(strandloom("board", "stats", "--json")[1])
    assert (totals["strands"], totals["tombstones"], totals["dead_letters"]) == (3, 1, 2)
