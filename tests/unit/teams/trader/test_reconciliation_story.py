"""The books against the built-in exchange: what was missed is booked, what cannot be explained is named."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from strandloom.blackboard.cause import Cause
from strandloom.blackboard.module import Seat
from strandloom.blackboard.strand import Draft, Write
from strandloom.exchange.engine import Engine
from strandloom.kinds.job import Job
from strandloom.kinds.order import OrderIntent
from strandloom.kinds.reconciliation import Reconciliation
from strandloom.ledger import journal, reading
from strandloom.teams.trader.reconciler import Reconciler
from strandloom.venues.paper import PaperVenue
from tests.fills import a_fill, a_funding
from tests.network import NOON, Network, at_minute

D = Decimal
JOB = ("system:job:reconcile",)


class Account:
    """A network of the reconciler alone, and a hand that trades past it."""

    def __init__(self) -> None:
        self.venue = PaperVenue(Engine(), D(100_000))
        self.network = Network([Seat(module=Reconciler(self.venue), order="free")], ("BTC",))
        self.orders = 0

    async def minutes(self, count: int, price: float = 100.0) -> None:
        for i in range(count):
            await self.network.minute({"BTC": (price, price + 0.2, price - 0.2, price + 0.05 * (i % 2))})

    async def trade(self, side: str, quantity: str) -> None:
        self.orders += 1
        view = self.network.window.view()
        await self.venue.follow(view)
        worst = D(110) if side == "buy" else D(90)
        intent = OrderIntent(
            decision=UUID(int=self.orders),
            leg="entry",
            cloid=f"0x{self.orders:032x}",
            venue="paper",
            symbol="BTC",
            side="buy" if side == "buy" else "sell",
            quantity=D(quantity),
            price=worst,
            time_in_force="ioc",
            reduce_only=False,
            expires_at=at_minute(10_000),
            style="taker",
        )
        report = await self.venue.place(intent, at_minute(self.network._next))
        assert report.state == "filled", report

    async def reconciled(self) -> Reconciliation:
        slot = at_minute(self.network._next)
        await self.network.tell(Draft(body=Job(job="reconcile", slot=slot), tags=JOB))
        body = (await self.network.said("reconciliation"))[-1].body
        assert isinstance(body, Reconciliation)
        return body

    async def book(self, *writes: Write) -> None:
        self.network.board.post([], Cause(module="t.hand", at=NOON, key="hand"), writes)

    async def unexplained(self) -> list[str]:
        return [row["symbol"] for row in await self.network.board.past.look("ledger.unexplained")]


async def opened() -> Account:
    account = Account()
    await account.minutes(70)
    body = await account.reconciled()
    assert (body.agrees, body.opened, body.booked_flows_usd) == (True, True, D(100_000))
    return account


async def test_fills_and_fundings_that_nobody_booked_are_found_and_booked() -> None:
    account = await opened()
    await account.trade("buy", "10")
    await account.minutes(70)
    await account.trade("sell", "4")
    body = await account.reconciled()
    assert (body.agrees, body.opened, body.booked_fills) == (True, False, 2)
    assert body.booked_fundings == 1
    assert abs(body.drift_usd) < D("0.01")
    books = await reading.books(account.network.board.past, "paper")
    assert books.held["BTC"].quantity == D(6)
    assert books.settled_usd == body.books_cash_usd


async def test_the_second_time_there_is_nothing_left_to_book() -> None:
    account = await opened()
    await account.trade("buy", "10")
    await account.reconciled()
    body = await account.reconciled()
    assert (body.agrees, body.booked_fills, body.differences) == (True, 0, ())


async def test_books_that_begin_in_the_middle_carry_what_was_there() -> None:
    account = Account()
    await account.minutes(70)
    await account.trade("buy", "10")
    await account.minutes(150, 101.0)
    body = await account.reconciled()
    assert (body.agrees, body.opened, body.booked_fills) == (True, True, 0)
    books = await reading.books(account.network.board.past, "paper")
    assert books.held["BTC"].quantity == D(10)
    assert books.usd["carried"] > 0  # the fee of the purchase
    await account.trade("sell", "10")
    after = await account.reconciled()
    assert (after.agrees, after.booked_fills) == (True, 1)


async def test_a_fill_that_the_venue_does_not_know_blocks_its_symbol_until_it_is_explained() -> None:
    account = await opened()
    await account.book(journal.of_fill(a_fill(tid=99, at=at_minute(70), closed_pnl_usd=D(0))))
    body = await account.reconciled()
    assert not body.agrees
    assert body.unexplained == ("BTC",)
    assert {one.what for one in body.differences} == {"fill", "held", "cash"}
    assert await account.unexplained() == ["BTC"]
    undone = a_fill(tid=100, at=at_minute(70), side="sell", fee_usd=D("-0.45"))
    await account.book(journal.of_fill(undone))
    await account.minutes(200)
    later = await account.reconciled()
    assert (later.agrees, later.cleared) == (True, ("BTC",))
    assert await account.unexplained() == []


async def test_money_that_left_is_booked_as_a_flow_and_money_that_vanished_is_not_explained() -> None:
    account = await opened()
    await account.book(journal.of_flow("paper", D(500), NOON, 5))
    body = await account.reconciled()
    assert (body.agrees, body.booked_flows_usd) == (True, D(-500))
    await account.minutes(180)
    old = a_funding(usd=D("-25"), at=NOON - timedelta(days=1))
    await account.book(journal.of_funding(old))
    body = await account.reconciled()
    assert body.drift_usd == D(25)
    assert body.unexplained == ("BTC",)


async def test_every_reconciliation_is_kept_in_the_history_of_drift() -> None:
    account = await opened()
    await account.minutes(2)
    await account.reconciled()
    rows = await account.network.board.past.look("ledger.drift", venue="paper")
    assert [(row["agrees"], D(row["drift_usd"])) for row in rows] == [(True, D(0))] * 2
