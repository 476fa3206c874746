"""The report of a day: every figure is in the data and on the page, and no text of others becomes markup."""

import json
from datetime import UTC, datetime
from decimal import Decimal

from strandloom.kinds.report import Block, Line, PerformanceReport, Quality, RiskTaken
from strandloom.report import day
from strandloom.report.page import page

D = Decimal
BODY = PerformanceReport(
    span="day",
    since=datetime(2026, 1, 1, tzinfo=UTC),
    until=datetime(2026, 1, 2, tzinfo=UTC),
    trade_count=3,
    won=2,
    pnl_usd=D("-1.255"),
    fees_usd=D("0.21"),
    funding_usd=D("0"),
    expected_bps=12.5,
    realised_bps=-3.0,
    orders=9,
    fill_rate=0.7,
    cost_bps=4.25,
    saved_bps=None,
    signals=40,
    plans=12,
    approved=4,
    refused=8,
    blocks=(Block(rule="reward_to_cost", count=8),),
    risk_budget=RiskTaken(
        claimed_usd=D(15), probing_usd=D(5), claims=2, equity_usd=D("99998.745"), gross_usd=None
    ),
    data_quality=(Quality(problem="late", bars=2, symbols=("BTC", "ETH")),),
    best_patterns=(Line(name="volume.spike", count=2, usd=D("0.4"), mean_bps=9.0),),
    worst_patterns=(Line(name="<b>odd</b>", count=1, usd=D("-1.6"), mean_bps=-30.0),),
    best_plans=(),
    worst_plans=(),
    best_signals=(Line(name="momentum up", count=5, usd=None, mean_bps=3.0),),
    worst_signals=(),
)


def test_the_data_has_what_programs_were_promised_and_is_json() -> None:
    told = json.loads(json.dumps(day.as_json(BODY)))
    assert told["date"] == "2026-01-01"
    assert (told["trade_count"], told["pnl"]) == (3, -1.255)
    assert told["blocks"] == {"reward_to_cost": 8}
    assert told["risk_budget"]["claimed"] == 15
    assert told["data_quality"] == [{"problem": "late", "bars": 2, "symbols": ["BTC", "ETH"]}]
    assert told["patterns"]["best"][0]["name"] == "volume.spike"
    assert told["plans"] == {"best": [], "worst": []}
    assert told["signals"]["count"] == 40


def test_the_page_shows_it_and_needs_nothing_from_elsewhere() -> None:
    shown = page(day.as_json(BODY), words="A quiet day.")
    for text in (
        "2026-01-01",
        "-1.25",
        "reward_to_cost",
        "volume.spike",
        "99,998.7",
        "BTC, ETH",
        "A quiet day.",
    ):
        assert text in shown
    assert "http" not in shown and "<script" not in shown


def test_names_on_the_page_are_text() -> None:
    shown = page(day.as_json(BODY))
    assert "&lt;b&gt;odd&lt;/b&gt;" in shown and "<b>odd" not in shown
