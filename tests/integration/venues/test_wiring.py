"""The venue that the settings mean, opened as the service opens it."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from pydantic import SecretStr

from strandloom.basics.clock import SystemClock
from strandloom.basics.errors import CannotStart
from strandloom.exchange.commands import ApproveAgent
from strandloom.exchange.engine import Engine
from strandloom.exchange.server.limits import Limits
from strandloom.hyperliquid.signing import Wallet
from strandloom.hyperliquid.urls import MAINNET
from strandloom.settings import Settings
from strandloom.store.database import Database
from strandloom.venues.fallback import FallbackVenue
from strandloom.venues.hyperliquid.venue import HyperliquidVenue
from strandloom.venues.paper import PaperVenue
from strandloom.wiring import service
from strandloom.wiring.venues import TOGETHER, Opened, about, elsewhere, venue
from tests.acceptance.exchange.world import START, World, a_world
from tests.contract.venue_stages import CASH, a_key
from tests.unit.venues.orders import an_intent


@pytest.fixture
def world() -> Iterator[World]:
    with a_world(Engine(), limits=Limits.none(), faucet=None) as made:
        for number in (1, 2):
            made.admin("deposit", user=Wallet(a_key(number)).address, usd=str(CASH))
        yield made


def settings(world: World, **given: Any) -> Settings:
    usual: dict[str, Any] = {
        "venue": "hyperliquid",
        "feed": "hyperliquid",
        "hyperliquid_url": world.url,
        "hyperliquid_trading_url": world.url,
        "hyperliquid_key": SecretStr(a_key(1)),
    }
    return Settings(**{**usual, **given})


async def opened(chosen: Settings, database: Database) -> AsyncIterator[Opened]:
    async with venue(chosen, database, ["BTC"], SystemClock()) as made:
        yield made


async def test_one_account_is_a_venue_with_its_channels_and_a_dead_mans_switch(
    world: World, database: Database
) -> None:
    async for made in opened(settings(world, hyperliquid_leverage=7), database):
        assert isinstance(made.venue, HyperliquidVenue)
        assert (made.venue.mode, made.feed is not None, len(made.parts)) == ("testnet", True, 1)
        report = await made.venue.place(an_intent(quantity=CASH / 10**6, price=CASH * 11), START)
        assert report.state == "filled"
    leverage = world.do(lambda: world.exchange.leverage(Wallet(a_key(1)).address, 0))
    assert leverage == (True, 7)


async def test_what_was_sent_is_in_the_database_and_not_sent_again_by_the_next_process(
    world: World, database: Database
) -> None:
    intent = an_intent(quantity=CASH / 10**6, price=CASH * 11)
    for _ in range(2):
        async for made in opened(settings(world), database):
            assert (await made.venue.place(intent, START)).state == "filled"
    fills = world.do(lambda: world.exchange.fills(Wallet(a_key(1)).address))
    assert len(fills) == 1


async def test_several_accounts_are_one_venue_that_is_probed(world: World, database: Database) -> None:
    told = SecretStr(f"second={world.url},{a_key(2)}")
    chosen = settings(world, hyperliquid_fallbacks=told)
    async for made in opened(chosen, database):
        assert isinstance(made.venue, FallbackVenue)
        assert made.venue.name == TOGETHER == (await elsewhere(chosen)).name
        assert [part.name for part in made.parts][-1] == "probe of venues"
        assert (await made.venue.balance()).equity_usd == 2 * CASH
        assert [standing.fee_bps for standing in made.venue.parts.standings] == [4.5, 4.5]


async def test_paper_needs_nothing(database: Database) -> None:
    async for made in opened(Settings(), database):
        assert isinstance(made.venue, PaperVenue)
        assert (made.feed, made.parts) == (None, ())
    assert "no real money" in about(Settings())


async def test_those_who_only_plan_know_the_venues_own_terms(world: World) -> None:
    instrument = (await elsewhere(settings(world))).instrument("ETH")
    assert instrument is not None and str(instrument.lot) == "0.0001"


async def test_a_key_that_trades_for_somebody_else_ends_the_start(world: World, database: Database) -> None:
    stranger = "0x" + "9" * 40
    with pytest.raises(CannotStart, match=f"not for {stranger}"):
        async for _ in opened(settings(world, hyperliquid_account=stranger), database):
            pass


async def test_an_agent_finds_its_account_by_itself(world: World, database: Database) -> None:
    owner, agent = Wallet(a_key(1)).address, Wallet(a_key(77)).address
    at = world.venue.at_ms()
    world.do(lambda: world.venue.submit(ApproveAgent(at, owner, agent, "strandloom")))
    async for made in opened(settings(world, hyperliquid_key=SecretStr(a_key(77))), database):
        assert isinstance(made.venue, HyperliquidVenue)
        assert made.venue.account == owner
        intent = an_intent(quantity=CASH / 10**6, price=CASH * 11)
        assert (await made.venue.place(intent, START)).state == "filled"


async def test_the_limits_of_our_own_exchange_go_by_market_minutes(world: World, database: Database) -> None:
    fast = settings(world, feed="simulated", market_speed=600.0)
    async for made in opened(fast, database):
        asked = [await made.venue.balance() for _ in range(200)]  # what the venue allows in four real minutes
        assert len(asked) == 200


async def test_a_venue_that_does_not_answer_ends_the_start_with_a_sentence(database: Database) -> None:
    chosen = Settings(
        venue="hyperliquid",
        feed="hyperliquid",
        hyperliquid_url="http://127.0.0.1:9",
        hyperliquid_trading_url="http://127.0.0.1:9",
        hyperliquid_key=SecretStr(a_key(1)),
    )
    with pytest.raises(CannotStart, match="does not answer"):
        async for _ in opened(chosen, database):
            pass


async def test_real_money_without_a_spoken_yes_does_not_start(database_url: str) -> None:
    chosen = Settings(
        database_url=SecretStr(database_url),
        venue="hyperliquid",
        feed="hyperliquid",
        hyperliquid_trading_url=MAINNET,
        hyperliquid_key=SecretStr(a_key(1)),
    )
    with pytest.raises(CannotStart, match="LIVE_TRADING_ACK=true"):
        async with service(chosen):
            pass
