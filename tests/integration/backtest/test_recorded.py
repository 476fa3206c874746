"""A recorded day begins with the account as it stood before it, and what it held is said."""

from datetime import timedelta
from decimal import Decimal

from strandloom.backtest.recorded import Recorded, recorded
from strandloom.basics.clock import SystemClock
from strandloom.blackboard.cause import Cause
from strandloom.blackboard.postgres import postgres_board
from strandloom.blackboard.strand import Draft
from strandloom.cli.parity import _beginning
from strandloom.kinds.heartbeat import Heartbeat
from strandloom.market import beat
from strandloom.market import minute as minutes
from strandloom.store.database import Database
from tests.integration.cli.test_trading_commands import HELD
from tests.unit.teams.decision_maker.plans import tracking

D = Decimal
DAY = minutes.parse("2025-05-20")


async def told(database: Database, at_minute: int, **account: object) -> None:
    """What the Trader says of the account at that minute."""
    at = minutes.opens(at_minute)
    draft = Draft(body=tracking(**account).body, tags=("trader:position_tracking",))
    await postgres_board(database, SystemClock()).post(
        [draft], Cause(module="trader.tracker", at=at, key="test")
    )


async def the_day(database: Database) -> Recorded:
    opened = minutes.opens(DAY)
    body = Heartbeat(feed="sample", minute=opened, present=("BTC",))
    cause = Cause(module="market.heartbeat", at=opened + timedelta(minutes=1), key="beat")
    await postgres_board(database, SystemClock()).post([beat.draft(DAY, body)], cause)
    return await recorded(database, DAY, DAY + minutes.DAY_MINUTES)


def said(day: Recorded) -> str:
    return _beginning(
        {"began_with_usd": day.cash_usd, "began_holding": [f"{h.symbol} {h.quantity}" for h in day.held]}
    )


async def test_the_account_counts_as_it_was_told_before_the_day(database: Database) -> None:
    await told(database, DAY - 90, equity_usd=D(99_000))
    await told(database, DAY - 30, equity_usd=D(99_500), held=(HELD,))
    await told(database, DAY + 30, equity_usd=D(98_000))
    day = await the_day(database)
    assert (day.cash_usd, day.held) == (D(99_500), (HELD,))
    assert said(day).startswith(
        "the day began holding BTC 10; the replay began flat, with the same 99,500.00"
    )


async def test_a_first_day_begins_with_what_was_told_first(database: Database) -> None:
    await told(database, DAY + 30, equity_usd=D(98_000), held=(HELD,))
    await told(database, DAY + 90, equity_usd=D(97_000))
    day = await the_day(database)
    assert (day.cash_usd, day.held) == (D(98_000), ())
    assert said(day) == "both began flat, with 98,000.00 USD and the same evidence"
