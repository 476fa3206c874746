"""A short replay of the sample: what it books, what it leaves, and that it is the same every time."""

import asyncio
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from strandloom import roster
from strandloom.backtest.curve import curve
from strandloom.backtest.records import fingerprint
from strandloom.backtest.replay import replay
from strandloom.backtest.result import Result
from strandloom.backtest.saving import save
from strandloom.backtest.summary import summary
from strandloom.backtest.terms import Terms
from strandloom.backtest.trades import trades
from strandloom.backtest.trials import Trials
from strandloom.basics.errors import BadInput
from strandloom.market import minute as minutes
from strandloom.market.panel import panel
from strandloom.market.sample import load

FIRST = minutes.parse("2025-05-11T22:00")
MINUTES = 240


def replayed() -> Result:
    market = panel(load())
    return asyncio.run(replay(roster.seats, market, Terms(start=FIRST, stop=FIRST + MINUTES)))


@pytest.fixture(scope="module")
def result() -> Result:
    return replayed()


def test_the_curve_says_what_the_venue_says(result: Result) -> None:
    balance = asyncio.run(result.venue.balance())
    line = curve(result)
    assert line.equity.size == MINUTES
    assert line.equity[-1] == pytest.approx(float(balance.equity_usd), abs=1e-6)
    assert line.net[-1] == pytest.approx(float(sum(p.quantity * p.mark for p in balance.positions)), abs=1e-6)


def test_trades_add_up_to_what_the_account_earned(result: Result) -> None:
    closed = trades(result)
    balance = asyncio.run(result.venue.balance())
    assert closed
    still_open = {p.symbol for p in balance.positions}
    funding = sum((paid.usd for paid in result.fundings), Decimal(0))
    earned = sum((trade.realised_usd for trade in closed), Decimal(0))
    if not still_open:
        assert balance.equity_usd - 100_000 == pytest.approx(earned, abs=funding + Decimal("0.001"))
    for trade in closed:
        assert trade.opened_at <= trade.closed_at
        assert trade.ended_by in ("stop", "take-profit", "close")
        assert trade.pattern and trade.p is not None


def test_the_timetable_comes_with_market_time(result: Result) -> None:
    slots = [key for key, _ in result.board.slate.tables["job_runs"].rows()]
    assert ("report_daily", "2025-05-12T00:00:00+00:00") in slots
    assert sum(job == "report_hourly" for job, _ in slots) == MINUTES // 60


def test_two_backtests_leave_the_same_bytes(result: Result, tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    names = []
    for each, folder in zip((result, replayed()), folders, strict=True):
        line, closed = curve(each), trades(each)
        save(folder, each, line, closed, summary(each, line, closed, Trials()))
        names.append(fingerprint(each, line, closed))
    assert names[0] == names[1]
    files, again = (sorted(p.relative_to(f) for f in [one] for p in f.rglob("*.*")) for one in folders)
    assert files == again
    for name in files:
        assert (folders[0] / name).read_bytes() == (folders[1] / name).read_bytes(), name


@pytest.mark.slow
def test_two_backtests_say_the_same_strands_in_the_same_order_in_any_process() -> None:
    """Sets and dictionaries are ordered otherwise in each process, and nothing may follow from that."""
    told = [_of_a_process(seed) for seed in (1, 2)]
    assert told[0].count("\n") > 500
    assert told[0] == told[1]


def _of_a_process(hash_seed: int) -> str:
    environment = {"PYTHONPATH": ":".join(sys.path), "PYTHONHASHSEED": str(hash_seed)}
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", EVERY_STRAND], env=environment, check=True, capture_output=True, text=True
    ).stdout


EVERY_STRAND = """
from pydantic_core import to_json
from strandloom.blackboard import rows
from tests.unit.backtest.test_replay_story import replayed
for strand in replayed().strands:
    print(to_json(rows.dump(strand)).decode())
"""


def test_a_span_without_bars_is_refused_in_one_sentence() -> None:
    market = panel(load())
    with pytest.raises(BadInput, match="no bars between"):
        asyncio.run(replay(roster.seats, market, Terms(start=market.stop + 5, stop=market.stop + 9)))
