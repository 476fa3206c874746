"""`strandloom braids` and `braid`: a list, the numbers, the tree down to outcomes, and what was alike."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from strandloom.basics.clock import SystemClock
from strandloom.blackboard.cause import Cause, delivered
from strandloom.blackboard.desk import desks, no_market
from strandloom.blackboard.postgres import postgres_board
from strandloom.blackboard.strand import Draft
from strandloom.kinds.heartbeat import Heartbeat
from strandloom.learning.embedding import HashingEmbedder
from strandloom.store.database import Database
from strandloom.teams.cil.weaver import Weaver
from tests.contract.test_evidence_tables import an_outcome
from tests.unit.learning.test_evidence_story import START, a_prediction

STUDIO = Path(__file__).resolve().parents[3] / "sql/studio"


@pytest.fixture
async def woven(database: Database) -> None:
    """Nine outcomes, woven to the second level through a real board."""
    board = postgres_board(database, SystemClock())
    weaver, lay = Weaver(HashingEmbedder()), desks(board, no_market)
    for step in range(4):
        at = START + timedelta(minutes=15 * (step + 2))
        for n in range(3 * step + 1, 3 * step + 4) if step < 3 else ():
            body = an_outcome(n, a_prediction(0), float(n))
            cause = Cause(module="learning.outcomes", at=at - timedelta(minutes=5), key=f"outcome {n}")
            (name,) = await board.post([Draft(body=body, tags=("cil:outcome",))], cause)
            strand = await board.get(name)
            assert strand is not None
            said = await weaver.handle(strand, lay(strand))
            await board.post(said.drafts, delivered(strand, weaver.name), said.writes)
        beat = Heartbeat(feed="test", minute=at - timedelta(minutes=1), present=())
        cause = Cause(module="market.heartbeat", at=at, key=f"beat {step}")
        (name,) = await board.post([Draft(body=beat, tags=("market:heartbeat:15m",))], cause)
        strand = await board.get(name)
        assert strand is not None
        said = await weaver.handle(strand, lay(strand))
        await board.post(said.drafts, delivered(strand, weaver.name), said.writes)


async def test_a_braid_is_listed_and_shows_what_it_is_made_of(
    woven: None, run: Any, database: Database
) -> None:
    listed = json.loads(run("braids", "--cluster", "symbol", "--json").stdout)
    assert [(row["level"], row["n"]) for row in listed] == [(2, 9), (1, 3), (1, 3), (1, 3)]
    assert len(json.loads(run("braids", "--level", "2", "--json").stdout)) == 5
    top = listed[0]["braid"]
    told = json.loads(run("braid", top, "--similar", "3", "--json").stdout)
    assert (told["n"], told["mean_net_bps"], told["cluster"]) == (9, 5.0, "symbol:BTC")
    assert [member["kind"] for member in told["members_of"]] == ["braid"] * 3
    assert [leaf["kind"] for leaf in told["members_of"][0]["members_of"]] == ["outcome"] * 3
    assert len(told["similar"]) == 3
    text = run("braid", top).stdout
    assert text.count("outcome  2025-05-20") == 9
    assert "│  └─ outcome" in text
    assert "--depth shows more" in run("braid", top, "--depth", "1").stdout


def test_without_braids_it_says_what_it_takes(run: Any) -> None:
    assert "three outcomes" in run("braids").stdout
    gone = run("braid", "00000000-0000-8000-8000-000000000000")
    assert gone.exit_code != 0


async def test_the_studio_queries_read_what_was_woven(woven: None, database: Database) -> None:
    import asyncpg

    connection = await asyncpg.connect(database.url)
    rows = await connection.fetch((STUDIO / "braid_tree.sql").read_text())
    assert [row["strand"].strip() for row in rows].count("outcome") == 9
    assert await connection.fetch((STUDIO / "resonance_per_key.sql").read_text()) == []
    await connection.close()
