"""The page of a backtest stands alone and says what must be known before its numbers are believed."""

import asyncio
import re
from dataclasses import replace
from decimal import Decimal

import pytest

from strandloom import roster
from strandloom.backtest.curve import curve
from strandloom.backtest.learnt import learnt
from strandloom.backtest.page.wording import shown, title
from strandloom.backtest.page.writing import page
from strandloom.backtest.replay import replay
from strandloom.backtest.result import Result
from strandloom.backtest.summary import Summary, summary
from strandloom.backtest.terms import Terms
from strandloom.backtest.trades import trades
from strandloom.backtest.trials import Trials
from strandloom.kinds.prediction import Outcome
from strandloom.market import minute as minutes
from strandloom.market.panel import panel
from strandloom.market.sample import load

FIRST = minutes.parse("2025-05-11T22:00")


@pytest.fixture(scope="module")
def result() -> Result:
    return asyncio.run(replay(roster.seats, panel(load()), Terms(start=FIRST, stop=FIRST + 240)))


@pytest.fixture(scope="module")
def said(result: Result) -> Summary:
    return summary(result, curve(result), trades(result), Trials())


def test_it_needs_nothing_beside_it(result: Result, said: Summary) -> None:
    text = page(result, curve(result), trades(result), said)
    assert text.count("<svg") == 1
    assert text.count("data:image/png;base64,") == 3  # a picture per symbol
    assert re.findall(r'(?:src|href)="(?!data:|#)[^"]*"', text) == []
    assert "<script" not in text
    for heading in ("Equity", "Month by month", "Trades on candles", "Refused, by rule", "What was learnt"):
        assert heading in text


def test_a_short_run_and_a_latched_limit_are_said_in_words(result: Result, said: Summary) -> None:
    text = page(result, curve(result), trades(result), said)
    assert "far too few to judge" in text
    assert "drawdown limit latched" not in text
    latched = replace(said, risk={**said.risk, "trading_ended_at": minutes.opens(FIRST + 60)})
    text = page(result, curve(result), trades(result), latched)
    assert "The drawdown limit latched at 2025-05-11 23:00 UTC: nothing was opened after it." in text


def test_what_was_learnt_counts_every_followed_forecast_once(result: Result) -> None:
    rows = learnt(result)
    bodies = [body for _, body in result.said(Outcome) if not (body.shadow or body.late)]
    assert sum(row.outcomes for row in rows) == len([b for b in bodies if b.family == "pattern"])
    assert [row.net_bps for row in rows] == sorted((row.net_bps for row in rows), reverse=True)
    assert all(row.blocks <= row.outcomes for row in rows)


def test_figures_are_worded_for_people() -> None:
    assert (shown("best_p", 2.7e-8), shown("p", 0.04)) == ("2.7e-08", "0.04")
    assert shown("lift_bps", None) == "too few chains"
    assert shown("win_rate", 0.4405) == "44.05 %"
    assert shown("total_return", 0.01) == "+1.00 %"
    assert shown("total_return", -0.000003033) == "-0.0003 %"
    assert shown("total_return", -0.0000000001) == "+0.00 %"
    assert shown("sharpe_90", (-1.0, 2.0)) == "-1.00 and 2.00"
    assert shown("funding_usd", Decimal("-0.000008")) == "0.00"
    assert (shown("max_drawdown_hours", 47.7667), shown("minutes", 44_640)) == ("47.8", "44,640")
    assert shown("trading_ended_at", None) == "no limit latched"
    assert shown("profit_factor", None) == "not known"
    assert title("fees_usd") == "fees, USD"
    assert title("sharpe_90") == "Sharpe, 90 % between"
