"""The tables of evidence answer the same in memory and in PostgreSQL."""

from collections.abc import Mapping
from dataclasses import astuple, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from strandloom.basics.clock import SystemClock
from strandloom.blackboard.board import Board
from strandloom.blackboard.cause import Cause
from strandloom.blackboard.memory import Memory
from strandloom.blackboard.memory_board import MemoryBoard
from strandloom.blackboard.postgres import postgres_board
from strandloom.blackboard.strand import Write
from strandloom.kinds.prediction import Outcome, Prediction
from strandloom.learning import tables
from strandloom.learning.book import Book
from strandloom.learning.evidence import restore, take_outcome, take_prediction
from strandloom.learning.horizons import Horizons
from strandloom.learning.keys import PatternKey
from strandloom.learning.leaves import leaf_of
from strandloom.learning.scored import Scored
from strandloom.store.database import Database
from tests.unit.learning.test_evidence_story import a_prediction

AT = datetime(2025, 5, 20, 12, tzinfo=UTC)


async def write(board: Board, *writes: Write) -> None:
    await board.post([], Cause(module="learning.evidence", at=AT, key="test"), writes)


def an_outcome(n: int, body: Prediction, r_bps: float) -> Outcome:
    copied = {name: getattr(body, name) for name in Outcome.__slots__ if hasattr(body, name)}
    given: dict[str, Any] = {
        "prediction": UUID(int=n),
        "family": "pattern",
        "r_bps": r_bps,
        "gross_bps": r_bps + 13,
        "won": r_bps > 0,
        "opened_at": body.opens_at,
        "closed_at": body.opens_at + timedelta(minutes=4),
        "entry": 100.0,
        "exit": 100.0 * (1 + r_bps / 10_000),
        "closed_by": "expiry",
        "horizon_s": 600,
    }
    return Outcome(**(copied | given))


class EvidenceTables:
    async def test_a_prediction_is_open_until_it_is_closed_and_never_again_after_its_outcome(
        self, board: Board
    ) -> None:
        body, name = a_prediction(0), UUID(int=1)
        await write(board, tables.open_prediction(name, body), tables.open_prediction(name, body))
        (row,) = await board.look("prediction.open")
        assert tables.prediction_of(row) == (name, body)
        await write(board, tables.close_prediction(name), tables.add_evidence(an_outcome(1, body, 5.0)))
        await write(board, tables.open_prediction(name, body))
        assert await board.look("prediction.open") == []

    async def test_evidence_is_read_back_as_it_was_once_and_page_by_page(self, board: Board) -> None:
        outcomes = [an_outcome(n, a_prediction(n % 3), float(n)) for n in range(1, 8)]
        for outcome in (*reversed(outcomes), *outcomes):
            await write(board, tables.add_evidence(outcome))
        read: list[Outcome] = []
        after: Mapping[str, str] = {}
        while rows := await board.look("evidence.page", limit=2, **after):
            read += map(tables.outcome_of, rows)
            after = {"after": rows[-1]["prediction"], "after_at": rows[-1]["opened_at"]}
        assert read == sorted(outcomes, key=lambda o: (o.opened_at, o.prediction.int))

    async def test_an_older_score_never_overwrites_a_newer_one(self, board: Board) -> None:
        book = Book(Horizons({}))
        body = a_prediction(0)
        take_prediction(book, UUID(int=1), body)
        take_outcome(book, an_outcome(1, body, 5.0))
        now = AT + timedelta(hours=1)
        (newer,) = book.scores([leaf_of(body)], int(now.timestamp()))
        newer = replace(newer, novelty=0.4, rho=0.25)
        older = replace(newer, n=0, sr=0.5)
        await write(board, tables.put_scores([newer], now))
        await write(board, tables.put_scores([older], AT))
        (row,) = await board.look("key.scores")
        assert Scored.of_row(row) == newer
        later = replace(newer, n=2, novelty=None)
        await write(board, tables.put_scores([later], now + timedelta(minutes=1)))
        (row,) = await board.look("key.scores", keys=[str(newer.key), "unknown"])
        assert Scored.of_row(row) == replace(later, novelty=0.4)  # until the next night

    async def test_what_was_known_on_an_earlier_night_can_be_asked_for(self, board: Board) -> None:
        night = datetime(2025, 5, 21, tzinfo=UTC)
        keys = [PatternKey(pattern=name) for name in ("volume.spike", "volume.dry")]
        for day in range(3):
            rows = [
                Scored(key=key, n=day, n_blocks=day, fresh=0.5, sr=0.5, sr_low=0.1) for key in keys[: day + 1]
            ]
            for _ in range(2):
                await write(board, tables.keep_scores(rows, night + timedelta(days=day)))
        asked = [str(key) for key in keys]

        async def then(hours: int) -> list[tuple[str, int]]:
            at = (night + timedelta(hours=hours)).isoformat()
            return [(row["key"], row["n"]) for row in await board.look("key.scores_then", keys=asked, at=at)]

        assert await then(-1) == []
        assert await then(23) == [("volume.spike", 0)]
        assert await then(47) == [("volume.dry", 1), ("volume.spike", 1)]

    async def test_the_best_resonance_comes_first_when_asked_for(self, board: Board) -> None:
        rows = [
            Scored(
                key=PatternKey(pattern=f"volume.{name}"),
                n=1,
                n_blocks=1,
                fresh=1.0,
                sr=0.5,
                sr_low=0.1,
                resonance=r,
            )
            for name, r in (("a", 0.2), ("b", None), ("c", 0.7))
        ]
        await write(board, tables.put_scores(rows, AT))
        found = await board.look("key.scores", order="resonance", like="volume.%", limit=2)
        assert [row["key"] for row in found] == ["volume.c", "volume.a"]

    async def test_a_book_can_be_restored_from_either(self, board: Board) -> None:
        live = Book(Horizons({}))
        for n in range(1, 30):
            body = a_prediction(n)
            take_prediction(live, UUID(int=n), body)
            await write(board, tables.open_prediction(UUID(int=n), body))
            if n % 7:
                outcome = an_outcome(n, body, (-1.0) ** n * n)
                take_outcome(live, outcome)
                await write(board, tables.close_prediction(UUID(int=n)), tables.add_evidence(outcome))
        restored = Book(Horizons({}))
        assert await restore(restored, board) == 25
        now_s = int((AT + timedelta(hours=3)).timestamp())
        leaf = leaf_of(a_prediction(0))
        mine, theirs = (astuple(book.prior(leaf, now_s, 13.0)) for book in (restored, live))
        assert mine == pytest.approx(theirs, rel=1e-9)


class TestInMemory(EvidenceTables):
    @pytest.fixture
    def board(self) -> Board:
        return MemoryBoard(Memory(SystemClock().wall))


class TestInPostgres(EvidenceTables):
    @pytest.fixture
    def board(self, database: Database) -> Board:
        return postgres_board(database, SystemClock())
