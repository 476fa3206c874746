"""Minutes in which nobody has anything to do are passed over, and nothing that is said changes by it."""

import asyncio
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from strandloom import roster
from strandloom.backtest.replay import replay
from strandloom.backtest.result import Result
from strandloom.backtest.terms import Roster, Terms
from strandloom.bench import ema_cross
from strandloom.bench.backtest import LIMITS, START
from strandloom.market import minute as minutes
from strandloom.market.panel import Panel, panel
from strandloom.market.sample import load
from strandloom.risk.watch import LimitsInForce

SILENT = ("heartbeat", "job")  # kept only where somebody answered


def said(result: Result) -> list[tuple[Any, ...]]:
    return [
        (s.id, s.at, s.module, s.kind, s.body, s.tags, s.parents, s.lifecycle)
        for s in result.strands
        if s.kind not in SILENT
    ]


def tables(result: Result) -> dict[str, dict[Any, Any]]:
    return {name: dict(table.rows()) for name, table in result.board.slate.tables.items()}


def both(seats: Roster, market: Panel, terms: Terms, detectors: Any = None) -> tuple[Result, Result]:
    def run(every_minute: bool) -> Result:
        asked = replace(terms, every_minute=every_minute)
        return asyncio.run(replay(seats, market, asked, book=roster.book(detectors)))

    return run(False), run(True)


@pytest.mark.parametrize(("every", "bars"), [(22, 1_500), (700, 4_000)])
def test_a_network_that_trades_says_the_same_with_and_without_patience(
    every: int, bars: int, tmp_path: Path
) -> None:
    limits = tmp_path / "limits.toml"
    limits.write_text(LIMITS)
    market = ema_cross.waves(bars, every, START)
    terms = Terms(start=START, stop=market.stop, limits=LimitsInForce(limits, watched=False))

    def seats(*wired: Any) -> Any:
        return roster.seats(*wired, detectors=(ema_cross.module(),))

    patient, every_minute = both(partial(seats), market, terms, (ema_cross.module(),))
    assert len(patient.fills) > 4
    assert said(patient) == said(every_minute)
    assert tables(patient) == tables(every_minute)


def test_the_whole_roster_says_the_same_with_and_without_patience() -> None:
    market, start = panel(load()), minutes.parse("2025-05-11T22:00")
    patient, every_minute = both(roster.seats, market, Terms(start=start, stop=start + 300))
    assert len(patient.fills) > 4
    assert said(patient) == said(every_minute)
    assert tables(patient) == tables(every_minute)
