"""One outcome: its strand, its row of evidence, the book and the scores of its keys, all in the database."""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median

import numpy as np

from strandloom import roster
from strandloom.basics.clock import SystemClock
from strandloom.bench.learning.made import START, outcome
from strandloom.blackboard.board import Board
from strandloom.blackboard.cause import Cause, delivered
from strandloom.blackboard.desk import desks, no_market
from strandloom.blackboard.module import Module
from strandloom.blackboard.postgres import postgres_board
from strandloom.blackboard.strand import Draft, Strand, Write
from strandloom.kinds.heartbeat import Heartbeat
from strandloom.learning import tables
from strandloom.learning.book import Book
from strandloom.learning.evidence import Evidence, take_outcome
from strandloom.learning.leaves import leaf_of
from strandloom.learning.scores import KeyScorer
from strandloom.store.database import Database

BEFORE, MEASURED = 20_000, 200
MINUTE = timedelta(minutes=1)


async def outcome_update_ms(database: Database) -> tuple[float, float]:
    """Medians over some outcomes, each in a minute of its own, on a book that knows and has scored many.

    The second is what the disk has to do with it: posting a heartbeat, one commit and hardly more.
    """
    book, rng = roster.book(), np.random.default_rng(3)
    for number in range(1, BEFORE):
        _known(book, number, rng)
    board = postgres_board(database, SystemClock())
    evidence, scorer = Evidence(book, restored=True), KeyScorer(book)
    book.take_touched(1 << 62)
    book.all_scores(int((START + BEFORE * MINUTE).timestamp()))
    took = [
        await _measured(board, book, evidence, scorer, number, rng)
        for number in range(BEFORE, BEFORE + MEASURED)
    ]
    whole, commit = zip(*took, strict=True)
    return median(whole) * 1_000.0, median(commit) * 1_000.0


def _known(book: Book, number: int, rng: np.random.Generator) -> None:
    body = outcome(number, rng, START + number * MINUTE)
    book.opened(body.prediction, leaf_of(body), int(body.opened_at.timestamp()))
    take_outcome(book, body)


async def _measured(
    board: Board, book: Book, evidence: Module, scorer: Module, number: int, rng: np.random.Generator
) -> tuple[float, float]:
    body = outcome(number, rng, START + number * MINUTE)
    book.opened(body.prediction, leaf_of(body), int(body.opened_at.timestamp()))
    closed = body.closed_at
    beat = Heartbeat(feed="bench", minute=closed, present=())
    minute = Draft(body=beat, tags=("market:heartbeat",))
    next_minute, commit_s = await _posted(board, minute, closed + MINUTE, f"beat {number}")
    draft = Draft(body=body, tags=("learning:outcome",))
    kept = (tables.close_prediction(body.prediction), tables.add_evidence(body))
    told, posted_s = await _posted(board, draft, closed, f"outcome {number}", kept)
    start = time.perf_counter()
    await _handled(board, evidence, told)
    await _handled(board, scorer, next_minute)
    return posted_s + time.perf_counter() - start, commit_s


async def _posted(
    board: Board, draft: Draft, at: datetime, key: str, writes: Sequence[Write] = ()
) -> tuple[Strand, float]:
    """The strand as a module gets it, and how long posting took."""
    start = time.perf_counter()
    (name,) = await board.post([draft], Cause(module="bench", at=at, key=key), writes)
    took_s = time.perf_counter() - start
    strand = await board.get(name)
    assert strand is not None  # noqa: S101 - it was just posted
    return strand, took_s


async def _handled(board: Board, module: Module, strand: Strand) -> None:
    said = await module.handle(strand, desks(board, no_market)(strand))
    await board.post(said.drafts, delivered(strand, module.name), said.writes)
