"""How fast the market side is: features, window, storing a minute of 200 symbols, importing a million."""

import tempfile
import time
from dataclasses import replace
from pathlib import Path
from statistics import median

import numpy as np

from strandloom.basics.clock import SystemClock
from strandloom.bench import window
from strandloom.bench.board import fresh_database
from strandloom.blackboard.postgres import postgres_board
from strandloom.blackboard.sql_board import SqlBoard
from strandloom.kinds.heartbeat import Heartbeat
from strandloom.market import beat as beats
from strandloom.market import minute as minutes
from strandloom.market.bars import REQUIRED, bars
from strandloom.market.beat import Beat
from strandloom.market.feeds.world import World
from strandloom.market.files.bringing import Wish, bring
from strandloom.market.files.writing import of_bars, write
from strandloom.market.store import BarStore
from strandloom.market.writes import store
from strandloom.store.database import Database

_START = minutes.parse("2025-01-01")
_SYMBOLS = tuple(f"S{number:03}" for number in range(200))
_MINUTES = 40
_BARS = 1_000_000


async def run() -> dict[str, float]:
    """Every figure; the memory of a window first, while the process is still small."""
    measured = window.run()
    async with fresh_database() as database:
        measured["store_minute_200_ms"] = await store_minute_ms(database)
        with tempfile.TemporaryDirectory(prefix="strandloom-bench-") as folder:
            measured["import_1m_bars_s"] = await import_s(database, Path(folder))
    return measured


async def store_minute_ms(database: Database) -> float:
    """The heartbeat of 200 symbols with their bars, posted in one transaction; the median minute."""
    board = postgres_board(database, SystemClock())
    market = World(_SYMBOLS, _START).panel(_START, _START + _MINUTES)
    took = []
    for minute in range(market.start, market.stop):
        told = tuple(replace(bar, bid=bar.low, ask=bar.high, mark=bar.close) for bar in market.column(minute))
        body = Heartbeat(feed=market.venue, minute=minutes.opens(minute), present=market.symbols)
        start = time.perf_counter()
        await _post(board, Beat(minute=minute, body=body, first=told))
        took.append(time.perf_counter() - start)
    return median(took) * 1e3


async def _post(board: SqlBoard, beat: Beat) -> None:
    drafts = [beats.draft(beat.minute, beat.body)]
    await board.post(drafts, beats.cause(beat.body.feed, beat.minute), [store(beat)])


async def import_s(database: Database, folder: Path) -> float:
    """A CSV file of a million bars: read, checked and stored."""
    path = folder / "BTC.csv"
    _write(path)
    wish = Wish(venue="bench")
    start = time.perf_counter()
    (piece,) = bring(path, wish).pieces
    stored = await BarStore(database).add(piece, now=SystemClock().wall())
    took = time.perf_counter() - start
    if stored != _BARS:
        raise RuntimeError(f"{stored} of {_BARS} bars were stored")
    return took


def _write(path: Path) -> None:
    rng = np.random.default_rng(1)
    close = np.round(100_000 * np.exp(np.cumsum(rng.normal(0, 5e-4, _BARS))), 1)
    opened = np.concatenate(([100_000.0], close[:-1]))
    wick = np.round(rng.exponential(20.0, (2, _BARS)), 1)
    columns = {
        "open": opened,
        "high": np.maximum(opened, close) + wick[0],
        "low": np.maximum(np.minimum(opened, close) - wick[1], 0.1),
        "close": close,
        "volume": np.round(rng.exponential(10.0, _BARS), 3),
    }
    minute = np.arange(_START - _BARS, _START, dtype=np.int64)
    write(path, of_bars([bars("bench", "BTC", minute, {name: columns[name] for name in REQUIRED})]))
