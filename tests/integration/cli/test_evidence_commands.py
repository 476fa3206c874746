"""`strandloom evidence` shows what is known, and rebuilding gives the same numbers to the last digit."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from strandloom import roster
from strandloom.basics.clock import SystemClock
from strandloom.blackboard.cause import Cause
from strandloom.blackboard.postgres import postgres_board
from strandloom.blackboard.strand import Draft
from strandloom.kinds.heartbeat import Heartbeat
from strandloom.learning import tables
from strandloom.learning.evidence import take_outcome, take_prediction
from strandloom.learning.keys import scopes
from strandloom.learning.leaves import leaf_of
from strandloom.store.database import Database
from tests.contract.test_evidence_tables import AT, an_outcome
from tests.unit.learning.test_evidence_story import a_prediction


async def test_rebuilding_gives_the_numbers_that_the_running_book_had(database: Database, run: Any) -> None:
    board = postgres_board(database, SystemClock())
    live, now = roster.book(), AT + timedelta(hours=5)
    cause = Cause(module="market.heartbeat", at=now, key="beat")
    beat = Heartbeat(feed="test", minute=now - timedelta(minutes=1), present=("BTC",))
    writes = []
    for n in range(1, 60):
        body = a_prediction(4 * n)
        take_prediction(live, UUID(int=n), body)
        outcome = an_outcome(n, body, (-1.0) ** n * n)
        take_outcome(live, outcome)
        writes.append(tables.add_evidence(outcome))
    await board.post([Draft(body=beat, tags=("market:heartbeat",))], cause, writes)
    assert json.loads(run("evidence", "rebuild", "--json").stdout) == {"outcomes": 59, "keys": 18}
    rows = {row["key"]: row for row in await board.look("key.scores", limit=100)}
    for key in scopes(leaf_of(a_prediction(0))):
        score = live.score(key, int(now.timestamp()))
        assert score is not None
        row = rows[str(key)]
        assert (row["n"], row["n_blocks"]) == (score.n, score.n_blocks)
        for name in ("sr", "sr_low", "net_bps", "se_bps", "fresh"):
            expected = getattr(score, name)
            assert row[name] == (None if expected is None else pytest.approx(expected, rel=1e-9))
    assert "volume.spike:up" in run("evidence", "keys", "--pattern", "volume.spike").stdout


def test_before_any_outcome_it_says_so(run: Any) -> None:
    assert "no prediction has had its outcome yet" in run("evidence", "keys").stdout
