"""The tables of lessons answer the same in memory and in PostgreSQL."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from strandloom.basics.clock import SystemClock
from strandloom.blackboard.board import Board, ConditionFailed
from strandloom.blackboard.cause import Cause
from strandloom.blackboard.memory import Memory
from strandloom.blackboard.memory_board import MemoryBoard
from strandloom.blackboard.postgres import postgres_board
from strandloom.blackboard.strand import Write
from strandloom.kinds.lesson import Lesson
from strandloom.learning import tables as evidence
from strandloom.learning.keys import PatternKey
from strandloom.learning.lessons import rows
from strandloom.learning.scored import Scored
from strandloom.store.database import Database
from tests.contract.test_evidence_tables import an_outcome
from tests.lessons import MAKER_WHEN_WILD, NOON, a_lesson
from tests.unit.learning.test_evidence_story import a_prediction

HOUR = timedelta(hours=1)


async def write(board: Board, *writes: Write) -> None:
    await board.post([], Cause(module="cil.lessons", at=NOON, key="test"), writes)


async def in_force(board: Board, at: datetime) -> list[Lesson]:
    return [rows.lesson_of(row["content"]) for row in await board.look("lesson.in_force", at=at.isoformat())]


def activated(body: Lesson, at: datetime) -> Lesson:
    return replace(body, revision=body.revision + 1, status="active", reason="confirmed", known_from=at)


class LessonTables:
    async def test_a_candidate_is_registered_once_and_counts_as_tried_for_ever(self, board: Board) -> None:
        body = a_lesson()
        await write(board, rows.register(body), rows.register(replace(body, writer="somebody else")))
        assert await rows.all_now(board) == [body]
        assert await board.look("lesson.trials") == [{"n_trials": 1}]

    async def test_a_lesson_is_in_force_from_when_it_was_known_until_it_moved_on(self, board: Board) -> None:
        body = a_lesson()
        active = activated(body, NOON + HOUR)
        gone = replace(active, revision=2, status="suspended", reason="decayed", known_from=NOON + 3 * HOUR)
        await write(board, rows.register(body), rows.move(active), rows.move(gone))
        assert await in_force(board, NOON + HOUR / 2) == []
        assert await in_force(board, NOON + HOUR) == [active]
        assert await in_force(board, NOON + 3 * HOUR - HOUR / 60) == [active]
        assert await in_force(board, NOON + 3 * HOUR) == []
        assert [rows.lesson_of(r["content"]) for r in await history(board, body)] == [body, active, gone]

    async def test_a_move_may_be_told_twice_but_never_two_different_ones(self, board: Board) -> None:
        body = a_lesson()
        active = activated(body, NOON + HOUR)
        await write(board, rows.register(body), rows.move(active), rows.move(active))
        with pytest.raises(ConditionFailed):
            await write(board, rows.move(replace(active, status="contraindicated", reason="harmful")))
        with pytest.raises(ConditionFailed):
            await write(board, rows.move(replace(active, revision=5)))
        assert await rows.all_now(board) == [active]

    async def test_lessons_are_listed_by_status_and_page_by_page(self, board: Board) -> None:
        known = [a_lesson(n) for n in (3, 1, 2)]
        await write(board, *(rows.register(body) for body in known))
        await write(board, rows.move(activated(known[1], NOON + HOUR)))
        listed = await rows.all_now(board)
        assert [body.lesson.int for body in listed] == [1, 2, 3]
        assert [body.lesson.int for body in await rows.all_now(board, ["active", "shadow"])] == [1]
        first = await board.look("lesson.now", limit=2)
        rest = await board.look("lesson.now", after=first[-1]["lesson"], limit=2)
        assert [row["lesson"] for row in (*first, *rest)] == [str(UUID(int=n)) for n in (1, 2, 3)]

    async def test_versions_of_a_statement_are_found_by_what_they_say(self, board: Board) -> None:
        first = a_lesson(7)
        second = replace(first, lesson=UUID(int=8), version=2, parent=first.lesson)
        other = a_lesson(9, predicate=MAKER_WHEN_WILD)
        await write(board, *(rows.register(body) for body in (second, first, other)))
        found = await board.look("lesson.versions", identity=rows.identity_of(first))
        assert [row["lesson"] for row in found] == [str(first.lesson), str(second.lesson)]

    async def test_looks_and_folds_are_written_once(self, board: Board) -> None:
        body = a_lesson()
        look = {"lesson": str(body.lesson), "gate": "positive", "number": 0, "at": NOON.isoformat()}
        look |= {"n_blocks": 60, "p": 0.01, "content": {"net": {"mean": 3.5}}}
        fold = {"lesson": str(body.lesson), "since": NOON.isoformat(), "until": (NOON + HOUR).isoformat()}
        fold |= {
            "predictions": [str(UUID(int=5))],
            "opened_s": [1],
            "net": [1.25],
            "gross": [2.5],
            "drift": [0.0],
        }
        for name, values in (("lesson.look", look), ("lesson.fold", fold)):
            await write(board, rows.register(body), Write(name=name, values=values))
            await write(board, Write(name=name, values={**values, "p": 0.5}))
        (told,) = await board.look("lesson.looks", lesson=str(body.lesson))
        assert (told["gate"], told["n_blocks"], told["p"], told["content"]) == (
            "positive",
            60,
            0.01,
            look["content"],
        )
        (kept,) = await board.look("lesson.folds", lesson=str(body.lesson))
        assert {name: kept[name] for name in ("predictions", "opened_s", "net")} == {
            name: fold[name] for name in ("predictions", "opened_s", "net")
        }

    async def test_evidence_is_read_from_a_moment_on_in_order_of_opening(self, board: Board) -> None:
        for n in (5, 2, 9, 1):
            await write(board, evidence.add_evidence(an_outcome(n, a_prediction(n), float(n))))
        since = a_prediction(2).opens_at
        found = await board.look("lesson.evidence", since=since.isoformat(), limit=2)
        rest = await board.look(
            "lesson.evidence",
            since=since.isoformat(),
            after=found[-1]["prediction"],
            after_at=found[-1]["opened_at"],
        )
        assert [row["r_bps"] for row in (*found, *rest)] == [2.0, 5.0, 9.0]

    async def test_promising_keys_are_those_far_from_nothing_the_farthest_first(self, board: Board) -> None:
        def score(name: str, blocks: int, net: float | None, se: float | None) -> Scored:
            return Scored(
                key=PatternKey(pattern=name), n=blocks, n_blocks=blocks, fresh=1.0, sr=0.5, sr_low=0.4,
                net_bps=net, se_bps=se,
            )  # fmt: skip

        scores = [
            score("near.zero", 40, 1.0, 2.0),
            score("far.up", 40, 8.0, 2.0),
            score("far.down", 40, -10.0, 2.0),
            score("too.young", 5, 50.0, 1.0),
            score("not.known", 40, None, None),
        ]
        await write(board, evidence.put_scores(scores, NOON))
        found = await board.look("lesson.promising", blocks=20, z=1.5, limit=10)
        assert [row["key"] for row in found] == ["far.down", "far.up"]

    async def test_what_a_lesson_was_shown_to_is_held_against_what_became_of_it(self, board: Board) -> None:
        body = a_lesson()
        for n in (1, 2, 3):
            await write(
                board,
                rows.use(UUID(int=n), [body.lesson], held_out=n == 2, at=NOON),
                evidence.add_evidence(an_outcome(n, a_prediction(n), float(n))),
            )
        await write(board, rows.taken(UUID(int=1)), rows.taken(UUID(int=77)))
        await write(board, rows.use(UUID(int=1), [body.lesson], held_out=True, at=NOON))
        found = await board.look("lesson.lift", lesson=str(body.lesson))
        shown = [(row["r_bps"], row["held_out"], row["taken"]) for row in found]
        assert shown == [(1.0, False, True), (2.0, True, False), (3.0, False, False)]
        assert await board.look("lesson.lift", lesson=str(UUID(int=99))) == []


async def history(board: Board, body: Lesson) -> list[dict[str, object]]:
    return list(await board.look("lesson.history", lesson=str(body.lesson)))


class TestInMemory(LessonTables):
    @pytest.fixture
    def board(self) -> Board:
        return MemoryBoard(Memory(SystemClock().wall))


class TestInPostgres(LessonTables):
    @pytest.fixture
    def board(self, database: Database) -> Board:
        return postgres_board(database, SystemClock())
