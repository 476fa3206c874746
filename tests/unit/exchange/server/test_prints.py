"""The tape shows the market's own trades and the users', newest first, and fills nobody."""

from datetime import UTC, datetime, timedelta

from strandloom.basics.clock import DrivenClock
from strandloom.basics.ids import unix_ms
from strandloom.exchange import commands as c
from strandloom.exchange.asset import E8, MICRO
from strandloom.exchange.engine import Engine
from strandloom.exchange.server.drive import Drive
from strandloom.exchange.server.venue import Venue
from strandloom.kinds.market import Bar

AT = datetime(2026, 1, 1, tzinfo=UTC)
ANN = "0x" + "a" * 40
BAR = Bar(venue="test", symbol="ACE", at=AT, open=100.0, high=103.0, low=98.0, close=102.0, volume=40.0)


def a_drive() -> tuple[Venue, Drive]:
    venue = Venue(exchange=Engine(), clock=DrivenClock(AT))
    drive = Drive(venue)
    drive.list(["ACE"], unix_ms(AT))
    return venue, drive


async def test_a_minute_is_printed_at_its_four_points_with_all_its_volume() -> None:
    venue, drive = a_drive()
    for turn in range(4):
        drive.traded(BAR, turn / 3, 4)
    tape = venue.prints.recent(venue.exchange, 0)
    assert [str(trade.px) for trade in tape] == ["102.0000", "103.0000", "98.0000", "100.0000"]
    assert [trade.side for trade in tape] == ["A", "B", "A", "B"]
    assert sum(trade.sz for trade in tape) == 40
    assert len({trade.tid for trade in tape}) == 4


async def test_users_trades_stand_between_them_in_time() -> None:
    venue, drive = a_drive()
    drive.traded(BAR, 0.0, 4)
    drive.closed([BAR])
    after = unix_ms(AT + timedelta(minutes=1))
    venue.submit(c.Deposit(after, ANN, 1_000 * MICRO))
    venue.submit(c.Place(after, ANN, (c.Ask(0, True, 110 * E8, E8, "Ioc"),)))
    newest, *_, oldest = venue.prints.recent(venue.exchange, 0)
    assert newest.buyer == ANN
    assert oldest.time == unix_ms(AT)


async def test_a_print_fills_no_order() -> None:
    venue, drive = a_drive()
    drive.closed([BAR])
    after = unix_ms(AT + timedelta(minutes=1))
    venue.submit(c.Deposit(after, ANN, 1_000 * MICRO))
    venue.submit(c.Place(after, ANN, (c.Ask(0, True, 99 * E8, E8),)))
    drive.traded(BAR, 1 / 3, 4)
    assert venue.exchange.fills(ANN) == []
