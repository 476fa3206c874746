"""Any venue, with every call timed: what it is asked, how long it took, and whether it answered."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from time import perf_counter
from typing import TypeVar

from strandloom.blackboard.desk import Market
from strandloom.kinds.fill import Fill, FundingPaid, OpenOrder
from strandloom.kinds.instrument import Instrument
from strandloom.kinds.order import OrderIntent
from strandloom.venues.port import Account, Balance, Mode, Position, Report, Venue

T = TypeVar("T")
Told = Callable[[str, str, str, float], None]
"""venue, call, outcome, seconds"""


class Timed:
    """Changes nothing and hides nothing."""

    def __init__(self, venue: Venue, told: Told) -> None:
        self._venue = venue
        self._told = told

    @property
    def name(self) -> str:
        return self._venue.name

    @property
    def mode(self) -> Mode:
        return self._venue.mode

    @property
    def accounts(self) -> Sequence[Account]:
        several = self._venue.accounts
        return (self,) if len(several) == 1 else several

    def account_of(self, name: str) -> Account:
        return self if len(self._venue.accounts) == 1 else self._venue.account_of(name)

    def pick(self) -> str:
        return self._venue.pick()

    def instrument(self, symbol: str) -> Instrument | None:
        return self._venue.instrument(symbol)

    async def follow(self, market: Market) -> None:
        await self._timed("follow", self._venue.follow(market))

    async def place(self, intent: OrderIntent, at: datetime, stop: OrderIntent | None = None) -> Report:
        return await self._timed("place", self._venue.place(intent, at, stop))

    async def modify(self, intent: OrderIntent, at: datetime) -> Report | None:
        return await self._timed("modify", self._venue.modify(intent, at))

    async def cancel(self, symbol: str, cloid: str, at: datetime) -> Report | None:
        return await self._timed("cancel", self._venue.cancel(symbol, cloid, at))

    async def take_back(self, order: OpenOrder, at: datetime) -> bool:
        return await self._timed("take_back", self._venue.take_back(order, at))

    async def order(self, cloid: str) -> Report | None:
        return await self._timed("order", self._venue.order(cloid))

    async def funding_usd(self, symbol: str, since: datetime, until: datetime) -> Decimal:
        return await self._timed("funding_usd", self._venue.funding_usd(symbol, since, until))

    async def balance(self) -> Balance:
        return await self._timed("balance", self._venue.balance())

    async def positions(self) -> Sequence[Position]:
        return await self._timed("positions", self._venue.positions())

    async def fills(self, since: datetime) -> Sequence[Fill]:
        return await self._timed("fills", self._venue.fills(since))

    async def fundings(self, since: datetime) -> Sequence[FundingPaid]:
        return await self._timed("fundings", self._venue.fundings(since))

    async def open_orders(self) -> Sequence[OpenOrder]:
        return await self._timed("open_orders", self._venue.open_orders())

    async def marks(self) -> Mapping[str, Decimal]:
        return await self._timed("marks", self._venue.marks())

    async def schedule_cancel(self, at: datetime | None) -> bool:
        return await self._timed("schedule_cancel", self._venue.schedule_cancel(at))

    async def _timed(self, call: str, answer: Awaitable[T]) -> T:
        began = perf_counter()
        outcome = "failed"
        try:
            said = await answer
            outcome = "answered"
        finally:
            self._told(self._venue.name, call, outcome, perf_counter() - began)
        return said
