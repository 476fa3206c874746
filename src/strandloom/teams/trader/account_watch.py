"""The account watch: what the venue tells as it happens becomes a call to look, several becoming one."""

import asyncio

from loguru import logger

from strandloom.basics.clock import Clock
from strandloom.basics.errors import Retryable
from strandloom.kinds.attention import Reason
from strandloom.kinds.fill import Fill
from strandloom.teams.trader import life
from strandloom.teams.trader.needs import Need
from strandloom.teams.trader.upkeep import Upkeep
from strandloom.venues.account_feed import (
    AccountEvent,
    AccountFeed,
    AccountSnapshot,
    Liquidated,
    OrderUpdate,
    VenueCancelled,
)

TOGETHER_S = 0.05  # so long further events are gathered
AGAIN_S = 1.0


class AccountWatch:
    """`run` for as long as the service lives."""

    def __init__(self, feed: AccountFeed, upkeep: Upkeep, clock: Clock) -> None:
        self._feed = feed
        self._upkeep = upkeep
        self._clock = clock
        self._waiting: set[Need] = set()
        self._news = asyncio.Event()

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self._tell())
            async for event in self._feed.events(self._clock.now()):
                if (need := need_of(event)) is not None:
                    self._waiting.add(need)
                    self._news.set()

    async def _tell(self) -> None:
        while True:
            await self._news.wait()
            await self._clock.sleep(TOGETHER_S)
            self._news.clear()
            told, self._waiting = self._waiting, set()
            try:
                await self._upkeep.tell(sorted(told, key=str))
            except Retryable as error:
                logger.warning("board_not_answering", while_="telling of the account", error=str(error))
                self._waiting |= told  # with what has come meanwhile; said twice it does no harm
                self._news.set()
                await self._clock.sleep(AGAIN_S)


def need_of(event: AccountEvent) -> Need | None:
    """Why the books should look at the venue now; None where they need not."""
    match event:
        case Fill(symbol=symbol):
            return _news("news", symbol, "a fill")
        case OrderUpdate(symbol=symbol, state=state) if state in life.OVER:
            return _news("news", symbol, f"an order is {state}")
        case VenueCancelled(symbol=symbol):
            return _news("news", symbol, "the venue ended an order by itself")
        case Liquidated():
            return _news("news", "", "the venue is closing positions by force")
        case AccountSnapshot(again=True):
            return _news("reconnect", "", "the venue is back")
    return None


def _news(reason: Reason, symbol: str, what: str) -> Need:
    return Need(reason, symbol, what)
