"""The pattern league in Studio: best and worst by how sure the evidence is, not by how large the mean."""

from datetime import UTC, datetime
from typing import Any

from strandloom.basics import paths
from strandloom.basics.clock import SystemClock
from strandloom.blackboard.cause import Cause
from strandloom.blackboard.postgres import postgres_board
from strandloom.learning import tables
from strandloom.learning.keys import PatternKey
from strandloom.learning.scored import Scored
from strandloom.store.database import Database

NIGHT = datetime(2025, 5, 21, tzinfo=UTC)
LEAGUE = paths.sql() / "studio/pattern_league.sql"


def known(pattern: str, net_bps: float, se_bps: float, *, blocks: int = 50, **scope: str) -> Scored:
    return Scored(
        key=PatternKey(pattern=pattern, direction="up", **scope),
        n=4 * blocks,
        n_blocks=blocks,
        fresh=1.0,
        sr=0.5,
        sr_low=0.4,
        net_bps=net_bps,
        se_bps=se_bps,
    )


async def league(database: Database, *rows: Scored) -> list[dict[str, Any]]:
    cause = Cause(module="learning.evidence", at=NIGHT, key="test")
    await postgres_board(database, SystemClock()).post([], cause, [tables.put_scores(rows, NIGHT)])
    async with database.session() as session:
        return [dict(row) for row in await session.connection.fetch(LEAGUE.read_text())]


async def test_the_surest_earner_leads_and_the_surest_loser_is_last(any_database: Database) -> None:
    rows = await league(
        any_database,
        known("volume.dry", -8.0, 1.0),
        known("volume.spike", 30.0, 20.0),
        known("momentum.breakout", 6.0, 1.0),
    )
    assert [(row["place"], row["pattern"], row["verdict"]) for row in rows] == [
        (1, "momentum.breakout:up", "earns"),
        (2, "volume.spike:up", "not known"),
        (3, "volume.dry:up", "costs"),
    ]
    assert (float(rows[0]["at_least"]), float(rows[0]["at_most"])) == (4.04, 7.96)


async def test_only_whole_patterns_with_enough_evidence_take_part(any_database: Database) -> None:
    rows = await league(
        any_database,
        known("volume.spike", 5.0, 1.0, blocks=19),
        known("volume.spike", 9.0, 1.0, symbol="BTC"),
        known("volume.dry", 2.0, 1.0),
    )
    assert [row["pattern"] for row in rows] == ["volume.dry:up"]
