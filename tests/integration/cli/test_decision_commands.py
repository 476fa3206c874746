"""The commands of the Decision Maker, run as a person would, on a real database."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from strandloom.basics.clock import SystemClock
from strandloom.blackboard.cause import Cause
from strandloom.blackboard.postgres import postgres_board
from strandloom.blackboard.strand import Draft
from strandloom.kinds.decision import Decision, Refusal, RuleAnswer
from strandloom.store.database import Database
from tests.network import NOON

D = Decimal
ANSWER = RuleAnswer(rule="spread", approved=False, limit="25", value="90", unit="bps")


async def test_decisions_and_refusals_are_listed_with_their_reasons(database: Database, run: Any) -> None:
    board = postgres_board(database, SystemClock())
    plan = Draft(body=_decision(), tags=("dm:decision",), symbol="BTC")
    (first,) = await board.post([plan], Cause(module="decision_maker.gate", at=NOON, key="a"))
    refusal = Refusal(
        plan=first, symbol="ETH", side="sell", failed=(ANSWER,), reason="spread: 90 against 25 bps"
    )
    draft = Draft(body=refusal, tags=("dm:refusal",), symbol="ETH")
    await board.post([draft], Cause(module="decision_maker.gate", at=NOON + timedelta(minutes=1), key="b"))
    listed = json.loads(run("decisions", "--json").stdout)
    assert [(row["said"], row["symbol"]) for row in listed] == [("refused", "ETH"), ("probe", "BTC")]
    assert "spread: 90 against 25 bps" in run("decisions", "--refused").stdout
    assert "nothing has been decided yet" in run("decisions", "--symbol", "SOL").stdout


def _decision() -> Decision:
    return Decision(
        intent="open",
        plan=None,
        symbol="BTC",
        side="buy",
        quantity=D("0.1"),
        entry_type="market",
        worst_price=D(100),
        stop=D(99),
        expires_at=NOON + timedelta(hours=1),
        exploration=True,
        reason="because",
    )


async def test_halting_and_resuming_post_strands_with_the_reason(database: Database, run: Any) -> None:
    assert run("halt", "--why", "news", "--symbol", "BTC").exit_code == 0
    assert run("resume", "--why", "over", "--rule", "drawdown").exit_code == 0
    board = postgres_board(database, SystemClock())
    (halt,) = await board.latest("halt")
    (resume,) = await board.latest("resume")
    assert halt.symbol == "BTC"
    assert "dm:halt" in halt.tags
    assert resume.body.rule == "drawdown"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("resume", "--why", "x", "--rule", "nothing"), "--rule is one of kill_switch"),
        (("resume", "--why", "x", "--rule", "probation"), "name it with --symbol"),
        (("halt", "--why", " "), "what the reason is"),
        (
            ("plan", "--symbol", "BTC", "--side", "long", "--quantity", "1", "--stop", "1"),
            "--side is one of buy, sell",
        ),
        (
            ("plan", "--symbol", "BTC", "--side", "buy", "--quantity", "-1", "--stop", "1"),
            "--quantity is a number",
        ),
        (
            (
                "plan",
                "--symbol",
                "BTC",
                "--side",
                "buy",
                "--quantity",
                "1",
                "--stop",
                "1",
                "--condition",
                '{"op":"x"}',
            ),
            "--condition",
        ),
        (
            ("plan", "--symbol", "BTC", "--side", "buy", "--quantity", "1", "--stop", "1"),
            "there is no market yet",
        ),
    ],
)
def test_wrong_words_get_one_clear_sentence(run: Any, args: tuple[str, ...], says: str) -> None:
    result = run(*args)
    assert result.exit_code != 0
    assert says in str(result.exception)


def test_limits_and_budget_can_be_read_before_anything_happened(run: Any) -> None:
    limits = json.loads(run("limits", "--json").stdout)
    assert limits["trade.risk_percent"] == "2.0"
    assert json.loads(run("budget", "--json").stdout)["claims"] == []
