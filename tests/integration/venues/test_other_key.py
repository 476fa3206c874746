"""Doubts about what a key sent that is not ours any more: only time can settle them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from strandloom.exchange.commands import ApproveAgent
from strandloom.exchange.engine import Engine
from strandloom.exchange.server.limits import Limits
from strandloom.hyperliquid.signing import Wallet
from strandloom.venues.hyperliquid.doubts import LONG_OVER
from strandloom.venues.hyperliquid.opening import Access, opened
from strandloom.venues.hyperliquid.sends import MemorySends
from tests.acceptance.exchange.world import START, World, a_world
from tests.contract.venue_stages import CASH, a_key
from tests.unit.venues.orders import an_intent


class Ahead:
    """A clock that can be put forward."""

    def __init__(self) -> None:
        self.by = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.by

    def wall(self) -> datetime:
        return self.now()

    async def sleep(self, seconds: float) -> None:
        self.by += timedelta(seconds=seconds)


@pytest.fixture
def world() -> Iterator[World]:
    with a_world(Engine(), limits=Limits.none(), faucet=None) as made:
        made.admin("deposit", user=Wallet(a_key(1)).address, usd=str(CASH))
        at = made.venue.at_ms()
        for name, number in (("old", 7), ("new", 8)):
            agent = ApproveAgent(at, Wallet(a_key(1)).address, Wallet(a_key(number)).address, name)
            made.do(lambda agent=agent: made.venue.submit(agent))  # type: ignore[misc]
        yield made


async def test_a_lost_request_of_an_old_key_stays_in_doubt_until_long_after_its_expiry(world: World) -> None:
    clock, kept = Ahead(), dict[str, Any]()
    intent = an_intent(quantity=Decimal("0.01"), price=Decimal(101_000))

    def sends_of(mode: str, account: str, signer: str) -> MemorySends:
        return MemorySends(account, signer, kept)

    async with opened(Access(url=world.url, key=a_key(7)), sends_of, clock) as venue:
        world.admin("fault", kind="refuse", where="/exchange", times=None)
        assert (await venue.place(intent, START)).state == "unknown"
        world.admin("clear")
    async with opened(Access(url=world.url, key=a_key(8)), sends_of, clock) as venue:
        assert (await venue.place(intent, START)).state == "unknown"
        clock.by += LONG_OVER + timedelta(minutes=1)
        assert await venue.order(intent.cloid) is None
        assert (await venue.place(intent, START)).state == "filled"
    assert len(world.do(lambda: world.exchange.fills(Wallet(a_key(1)).address))) == 1
