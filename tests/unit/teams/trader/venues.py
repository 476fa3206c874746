"""The built-in exchange with moods: it loses replies and requests, refuses, forgets and falls silent."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from strandloom.blackboard.desk import Market
from strandloom.exchange.engine import Engine
from strandloom.kinds.fill import Fill, FundingPaid, OpenOrder
from strandloom.kinds.instrument import Instrument
from strandloom.kinds.order import OrderIntent
from strandloom.venues.paper import PaperVenue
from strandloom.venues.port import Account, Balance, Mode, Position, Report, VenueSilent


class MoodyVenue:
    """Everything real happens in the engine; a mood only decides what of it gets through."""

    name = "paper"
    mode: Mode = "paper"

    def __init__(self) -> None:
        self.real = PaperVenue(Engine(), Decimal(100_000))
        self.lose_reply = False  # of the next order: it is placed, and nobody says so
        self.lose_request = False  # of the next order: it never arrives
        self.break_line = False  # with the next order: it is placed, and then nothing is answered any more
        self.break_at = ""  # the same with the next order of that leg
        self.refuse: tuple[str, ...] = ()  # legs that the venue refuses; `along`: a stop with its entry
        self.deaf = False  # it answers no cancel
        self.silent = False  # it answers nothing at all
        self.knows_nothing = False  # order questions are answered with `no such order`
        self.placed: list[OrderIntent] = []
        self.asked: list[str] = []  # the orders that were asked for
        self.along: list[OrderIntent] = []  # the stops that came with an entry
        self._refused: set[str] = set()
        self.marked: dict[str, Decimal] = {}

    @property
    def accounts(self) -> Sequence[Account]:
        return (self,)

    def account_of(self, name: str) -> Account:
        return self

    def pick(self) -> str:
        return self.name

    def instrument(self, symbol: str) -> Instrument | None:
        return self.real.instrument(symbol)

    async def follow(self, market: Market) -> None:
        await self.real.follow(market)

    async def place(self, intent: OrderIntent, at: datetime, stop: OrderIntent | None = None) -> Report:
        self._ask()
        if intent.leg in self.refuse:
            return Report(state="rejected", why="Invalid TP/SL price.")
        if self.lose_request:
            self.lose_request = False
            return Report(state="unknown", why="no answer")
        self.placed.append(intent)
        if stop is not None and {"stop", "along"} & set(self.refuse):
            self._refused.add(stop.cloid)
            stop = None
        self.along += [stop] if stop else []
        report = await self.real.place(intent, at, stop)
        if self.break_line or self.break_at == intent.leg:
            self.break_line, self.break_at, self.silent = False, "", True
            raise VenueSilent("the connection broke")
        if self.lose_reply:
            self.lose_reply = False
            return Report(state="unknown", why="no answer")
        return report

    async def modify(self, intent: OrderIntent, at: datetime) -> Report | None:
        self._ask()
        return await self.real.modify(intent, at)

    async def cancel(self, symbol: str, cloid: str, at: datetime) -> Report | None:
        self._ask()
        if self.deaf:
            raise VenueSilent("nobody knows whether it is cancelled")
        return await self.real.cancel(symbol, cloid, at)

    async def take_back(self, order: OpenOrder, at: datetime) -> bool:
        self._ask()
        return await self.real.take_back(order, at)

    async def order(self, cloid: str) -> Report | None:
        self._ask()
        self.asked.append(cloid)
        if cloid in self._refused:
            return Report(state="rejected", why="Invalid TP/SL price.")
        return None if self.knows_nothing else await self.real.order(cloid)

    async def funding_usd(self, symbol: str, since: datetime, until: datetime) -> Decimal:
        return await self.real.funding_usd(symbol, since, until)

    async def balance(self) -> Balance:
        self._ask()
        return await self.real.balance()

    async def positions(self) -> Sequence[Position]:
        self._ask()
        found = await self.real.positions()
        return [replace(one, mark=self.marked.get(one.symbol, one.mark)) for one in found]

    async def fills(self, since: datetime) -> Sequence[Fill]:
        self._ask()
        return await self.real.fills(since)

    async def fundings(self, since: datetime) -> Sequence[FundingPaid]:
        return await self.real.fundings(since)

    async def open_orders(self) -> Sequence[OpenOrder]:
        self._ask()
        return await self.real.open_orders()

    async def marks(self) -> Mapping[str, Decimal]:
        return {**await self.real.marks(), **self.marked}

    async def schedule_cancel(self, at: datetime | None) -> bool:
        return await self.real.schedule_cancel(at)

    def _ask(self) -> None:
        if self.silent:
            raise VenueSilent("the venue does not answer")
