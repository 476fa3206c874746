"""Two exchanges that stand in for each other: one dies at the worst moment, and nothing is filled twice."""

from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest

from strandloom.basics.clock import SystemClock
from strandloom.basics.errors import CannotStart, Refused
from strandloom.exchange.engine import Engine
from strandloom.exchange.server.limits import Limits
from strandloom.kinds.order import OrderIntent
from strandloom.venues.fallback import FallbackVenue
from strandloom.venues.paper import PaperVenue
from strandloom.venues.port import Venue, VenueSilent
from strandloom.venues.standing import LEFT_AFTER, Standing
from tests.acceptance.exchange.world import START, World, a_world
from tests.contract.venue_stages import CASH, a_fallback, a_wire_venue
from tests.unit.venues.orders import an_intent

D = Decimal
LOT = D("0.01")
LONG_AGO = START - timedelta(hours=1)


@dataclass
class Two:
    """Two exchanges, an account at each, and the venue that falls back between them."""

    worlds: tuple[World, World]
    parts: tuple[Venue, Venue]
    both: FallbackVenue

    def kill(self, which: int = 0) -> None:
        for where in ("/info", "/exchange"):
            self.worlds[which].admin("fault", kind="refuse", where=where, times=None)

    def revive(self, which: int = 0) -> None:
        self.worlds[which].admin("clear")

    async def fills(self, which: int) -> int:
        return len(await self.parts[which].fills(LONG_AGO))


@pytest.fixture
def worlds() -> Iterator[tuple[World, World]]:
    with ExitStack() as stack:
        one, two = (
            stack.enter_context(a_world(Engine(), limits=Limits.none(), faucet=None)) for _ in range(2)
        )
        yield one, two


@pytest.fixture
async def two(worlds: tuple[World, World]) -> AsyncIterator[Two]:
    shared: dict[str, Any] = {}
    async with (
        a_wire_venue(worlds[0], 1, name="first", shared=shared) as one,
        a_wire_venue(worlds[1], 2, name="second", shared=shared) as other,
    ):
        yield Two(worlds, (one, other), a_fallback(one, other))


def asked(**changed: Any) -> OrderIntent:
    return an_intent(**{"quantity": LOT, "price": D(101_000), "venue": "several", **changed})


async def test_the_primary_dies_after_the_commit_and_before_the_reply(two: Two) -> None:
    two.worlds[0].admin("fault", kind="drop_reply", where="/exchange")
    two.worlds[0].admin("fault", kind="refuse", where="/info", times=None)
    intent = asked(venue=two.both.pick())
    for _ in range(5):  # asked for again and again, as after every redelivery
        with pytest.raises(VenueSilent):
            await two.both.place(intent, START)
    assert await two.fills(1) == 0
    two.revive()
    report = await two.both.place(intent, START)
    assert (report.state, report.filled) == ("filled", LOT)
    assert (await two.fills(0), await two.fills(1)) == (1, 0)


async def test_the_other_one_refuses_an_order_that_lies_with_the_first(two: Two) -> None:
    intent = asked(venue="first")
    await two.both.place(intent, START)
    with pytest.raises(Refused, match="lies with first"):
        await two.both.place(replace(intent, venue="second"), START)
    with pytest.raises(Refused, match="was sent for the account"):
        await two.parts[1].place(replace(intent, venue="second"), START)
    assert await two.fills(1) == 0


async def test_one_that_fails_is_left_and_new_orders_go_to_the_other(two: Two) -> None:
    assert two.both.pick() == "first"
    await two.both.balance()  # nothing is at stake anywhere
    two.kill()
    for _ in range(LEFT_AFTER):
        await two.both.marks()
    assert two.both.pick() == "second"
    report = await two.both.place(asked(venue=two.both.pick()), START)
    assert report.state == "filled"
    assert await two.fills(1) == 1
    assert (await two.both.balance()).positions[0].quantity == LOT


async def test_one_that_is_back_is_found_by_probes(two: Two) -> None:
    await two.both.balance()
    two.kill()
    for _ in range(LEFT_AFTER):
        await two.both.marks()
    assert two.both.parts.standings[0].is_left
    two.revive()
    await two.both.marks()
    await two.both.parts.probe()
    assert not two.both.parts.standings[0].is_left


async def test_what_a_silent_one_holds_is_never_taken_for_nothing(two: Two) -> None:
    await two.both.place(asked(venue="first"), START)
    two.kill()
    with pytest.raises(VenueSilent):
        await two.both.balance()
    with pytest.raises(VenueSilent):
        await two.both.fills(LONG_AGO)
    two.revive()
    assert (await two.both.balance()).positions[0].quantity == LOT


async def test_without_any_that_is_there_a_new_order_is_refused_with_the_numbers(two: Two) -> None:
    await two.both.balance()
    for which in (0, 1):
        two.kill(which)
    for _ in range(LEFT_AFTER):
        with pytest.raises(VenueSilent):
            await two.both.marks()
    with pytest.raises(Refused, match="no venue is there") as refused:
        two.both.pick()
    assert set(refused.value.numbers) == {"first", "second"}


async def test_positions_of_two_accounts_are_netted_and_each_is_reduced_where_it_is_held(two: Two) -> None:
    await two.both.place(asked(venue="first"), START)
    await two.both.place(asked(venue="second", quantity=2 * LOT), START)
    balance = await two.both.balance()
    assert [position.quantity for position in balance.positions] == [3 * LOT]
    assert balance.flows_usd == 2 * CASH
    stop = {"side": "sell", "leg": "stop", "trigger": D(99_000), "price": D(90_000), "reduce_only": True}
    for venue in ("first", "second"):
        placed = await two.both.place(asked(venue=venue, time_in_force="gtc", **stop), START)
        assert placed.state == "acknowledged"
    close = asked(side="sell", price=D(90_000), leg="close", reduce_only=True)
    await two.both.place(close, START)
    assert (await two.fills(0), await two.fills(1)) == (2, 1)


class BrokenRoad(httpx.AsyncHTTPTransport):
    """A way to the venue that can be cut."""

    cut = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.cut:
            raise httpx.ConnectError("no route", request=request)
        return await super().handle_async_request(request)


async def test_two_ways_to_one_account_are_one_account_and_either_will_do(
    worlds: tuple[World, World],
) -> None:
    shared: dict[str, Any] = {}
    road = BrokenRoad()
    async with (
        a_wire_venue(worlds[0], 1, name="first", shared=shared, transport=road) as one,
        a_wire_venue(worlds[0], 1, name="second", shared=shared) as other,
    ):
        standings = [Standing(name="first"), Standing(name="second")]
        accounts = {part.name: part.account for part in (one, other)}
        both = FallbackVenue("several", [one, other], SystemClock(), standings, accounts)
        await both.place(asked(venue="first"), START)
        assert (await both.balance()).flows_usd == CASH
        road.cut = True
        later = asked(venue="first")
        assert (await both.place(later, START)).state == "filled"
        assert (await both.balance()).positions[0].quantity == 2 * LOT
        assert len(await both.fills(LONG_AGO)) == 2
        report = await both.order(later.cloid)
        assert report is not None and report.state == "filled"


def test_paper_and_real_never_stand_in_for_each_other() -> None:
    paper = PaperVenue(Engine(), CASH)
    real = PaperVenue(Engine(), CASH)
    real.name, real.mode = "real", "real"
    with pytest.raises(CannotStart, match="of one kind"):
        FallbackVenue("several", [paper, real], None, [Standing(name="paper"), Standing(name="real")])  # type: ignore[arg-type]
