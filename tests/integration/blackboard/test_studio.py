"""Every ready query runs and answers its question, on every PostgreSQL that we support."""

from pathlib import Path
from typing import Any

import pytest

from strandloom.basics import paths
from strandloom.basics.clock import SystemClock
from strandloom.blackboard.delivery import Settlement, Subscription
from strandloom.blackboard.postgres import postgres_board
from strandloom.blackboard.strand import Said
from strandloom.store.database import Database
from tests.builders import a_note, a_pulse, from_feed

STUDIO = paths.sql() / "studio"
QUERIES = {file.stem: file for file in sorted(STUDIO.glob("*.sql"))}
Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture
async def answers(any_database: Database) -> Rows:
    """Every query, asked of a board where something waits, something was tried twice and something died."""
    board = postgres_board(any_database, SystemClock())
    teller = Subscription(consumer="raw_data.teller", patterns=("market:*",), order="free")
    reader = Subscription(consumer="cil.reader", patterns=("raw_data:*",), order="free")
    await board.subscribe([teller, reader])
    for n in range(4):
        await board.post([a_pulse(n)], from_feed(n))
    told, dead, stuck = await board.claim("raw_data.teller", 3, "me")
    await board.complete([Settlement(delivery=told, said=Said(drafts=(a_note("hello", symbol="BTC"),)))])
    await board.fail(dead, "hopeless", again_in_s=None)
    await board.fail(stuck, "not yet", again_in_s=0.0)
    await board.claim("raw_data.teller", 1, "me")
    async with any_database.session() as session:
        return {
            name: [dict(row) for row in await session.connection.fetch(file.read_text())]
            for name, file in QUERIES.items()
        }


async def test_every_question_gets_its_answer(answers: Rows) -> None:
    assert [row["kind"] for row in answers["latest_strands"]] == ["t_note", *["t_pulse"] * 4]
    assert [row["kind"].strip() for row in answers["one_chain"]] == ["t_pulse", "t_note"]
    assert {row["consumer"]: row["waiting"] for row in answers["what_waits"]} == {
        "cil.reader": 1,
        "raw_data.teller": 1,
    }
    (stuck,) = answers["what_is_stuck"]
    assert (stuck["attempts"], stuck["last_error"]) == (2, "not yet")
    (dead,) = answers["what_is_dead"]
    assert (dead["consumer"], dead["last_error"]) == ("raw_data.teller", "hopeless")
    assert {row["kind"]: row["strands"] for row in answers["strands_per_hour"]} == {"t_pulse": 4, "t_note": 1}


@pytest.mark.parametrize("file", QUERIES.values(), ids=QUERIES.keys())
def test_a_query_opens_with_its_question_and_is_listed(file: Path) -> None:
    assert file.read_text().startswith("-- ")
    assert "?" in file.read_text().splitlines()[0]
    assert f"`{file.name}`" in (STUDIO / "README.md").read_text()


async def test_any_strand_of_a_chain_finds_it(answers: Rows, any_database: Database) -> None:
    note = answers["latest_strands"][0]["id"]
    asked = QUERIES["one_chain"].read_text().replace("''", f"'{note}'", 1).replace("('')", f"('{note}')")
    async with any_database.session() as session:
        chain = await session.connection.fetch(asked)
    assert [row["id"] for row in chain][-1] == note
