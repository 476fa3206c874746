"""What the Trader tells of the account, and what it keeps to itself because nobody could act on it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from strandloom.blackboard.strand import Draft, Strand, sealed
from strandloom.kinds.position import Held, PositionTracking
from strandloom.teams.trader.news import is_news

D = Decimal
NOON = datetime(2025, 5, 20, 12, 3, tzinfo=UTC)


def a_position(mark: str = "100") -> Held:
    return Held(
        venue="paper",
        symbol="BTC",
        quantity=D(1),
        entry_price=D(100),
        mark=D(mark),
        unrealised_usd=D(mark) - 100,
        realised_usd=D(0),
        funding_usd=D(0),
        fees_usd=D(0),
        stop=D(98),
        risk_usd=D(2),
        opened_at=NOON,
        decision=None,
        plan=None,
    )


def an_account(*held: Held, equity: str = "100000") -> PositionTracking:
    return PositionTracking(
        venue="paper",
        mode="paper",
        equity_usd=D(equity),
        cash_usd=D(100_000),
        flows_usd=D(100_000),
        realised_usd=D(0),
        unrealised_usd=D(0),
        held=held,
        open_orders=0,
        gross_usd=D(0),
        net_usd=D(0),
    )


def told(body: PositionTracking, at: datetime = NOON) -> Strand:
    draft = Draft(body=body, tags=("trader:position_tracking",))
    name = UUID(int=1)
    return sealed(name, 1, name, (), 0, "trader.tracker", "position_tracking", draft, at, at)


def test_the_first_look_is_always_told() -> None:
    assert is_news(None, an_account(), NOON)


def test_a_flat_account_that_stays_as_it_is_is_told_again_an_hour_later() -> None:
    before = told(an_account())
    assert not is_news(before, an_account(), NOON + timedelta(minutes=59))
    assert is_news(before, an_account(), NOON + timedelta(minutes=60))


def test_a_held_position_is_told_again_a_quarter_of_an_hour_later() -> None:
    before = told(an_account(a_position()))
    assert not is_news(before, an_account(a_position("100.1")), NOON + timedelta(minutes=14))
    assert is_news(before, an_account(a_position("100.1")), NOON + timedelta(minutes=15))


def test_a_day_begins_with_the_account() -> None:
    midnight = datetime(2025, 5, 21, tzinfo=UTC)
    before = told(an_account(), midnight - timedelta(minutes=2))
    assert not is_news(before, an_account(), midnight - timedelta(minutes=1))
    assert is_news(before, an_account(), midnight)


def test_equity_that_moved_by_a_basis_point_is_told_at_once() -> None:
    before = told(an_account(a_position()))
    soon = NOON + timedelta(minutes=1)
    assert not is_news(before, an_account(a_position("99"), equity="99990.01"), soon)
    assert is_news(before, an_account(a_position("99"), equity="99990"), soon)


def test_any_change_that_is_not_a_mark_is_told_at_once() -> None:
    before = told(an_account(a_position()))
    soon = NOON + timedelta(minutes=1)
    assert is_news(before, an_account(replace(a_position(), quantity=D(2))), soon)
    assert is_news(before, replace(an_account(a_position()), unexplained=("BTC",)), soon)
    assert is_news(before, replace(an_account(a_position()), open_orders=1), soon)
