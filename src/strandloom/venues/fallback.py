"""Several accounts as one venue: a new order goes to the best of them, and stays where it was sent."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from itertools import chain

from strandloom.basics.clock import Clock
from strandloom.blackboard.desk import Market
from strandloom.kinds.fill import Fill, FundingPaid, OpenOrder
from strandloom.kinds.instrument import Instrument
from strandloom.kinds.order import OrderIntent
from strandloom.venues import merge
from strandloom.venues.parts import Parts
from strandloom.venues.port import LIVE, Balance, Mode, Report, Venue
from strandloom.venues.standing import Standing


class FallbackVenue:
    """To the books it is one account.  What a part holds or has in doubt is never given to another."""

    def __init__(
        self,
        name: str,
        parts: Sequence[Venue],
        clock: Clock,
        standings: Sequence[Standing],
        accounts: Mapping[str, str] | None = None,
    ) -> None:
        self.name = name
        self.mode: Mode = parts[0].mode
        self.parts = Parts(parts, clock, standings, accounts)
        self._balances: dict[str, Balance] = {}

    def pick(self) -> str:
        return self.parts.pick()

    def instrument(self, symbol: str) -> Instrument | None:
        """As coarse as the coarsest part: an order must be good wherever it goes."""
        found = [part.instrument(symbol) for part in self.parts.all]
        return merge.instrument([one for one in found if one is not None]) if all(found) else None

    async def follow(self, market: Market) -> None:
        for part in self.parts.all:
            await part.follow(market)

    async def place(self, intent: OrderIntent, at: datetime) -> Report:
        name = await self._place_of(intent)
        self.parts.lies_with(intent.cloid, name)
        report = await self.parts.asked(name, lambda part: part.place(intent, at))
        self.parts.measured(name, lambda known: _after(known, intent, report))
        self.parts.doubts(name, intent.cloid, report.state == "unknown")
        return report

    async def modify(self, intent: OrderIntent, at: datetime) -> Report | None:
        name = await self.parts.whose(intent.cloid)
        return None if name is None else await self.parts.asked(name, lambda part: part.modify(intent, at))

    async def cancel(self, symbol: str, cloid: str, at: datetime) -> Report | None:
        name = await self.parts.whose(cloid)
        if name is None:
            return None
        return await self.parts.asked(name, lambda part: part.cancel(symbol, cloid, at))

    async def take_back(self, order: OpenOrder, at: datetime) -> bool:
        return await self.parts.asked(order.venue, lambda part: part.take_back(order, at))

    async def order(self, cloid: str) -> Report | None:
        name = await self.parts.whose(cloid)
        if name is None:
            return None
        report = await self.parts.asked(name, lambda part: part.order(cloid))
        self.parts.doubts(name, cloid, report is not None and report.state == "unknown")
        return report

    async def funding_usd(self, symbol: str, since: datetime, until: datetime) -> Decimal:
        paid = await self.parts.all_told(lambda part: part.funding_usd(symbol, since, until))
        return sum(paid.values(), Decimal(0))

    async def fills(self, since: datetime) -> Sequence[Fill]:
        told = await self.parts.all_told(lambda part: part.fills(since))
        mine = (replace(fill, venue=self.name) for fill in chain.from_iterable(told.values()))
        return sorted(mine, key=lambda fill: (fill.at, fill.oid, fill.tid))

    async def fundings(self, since: datetime) -> Sequence[FundingPaid]:
        told = await self.parts.all_told(lambda part: part.fundings(since))
        return merge.fundings(self.name, chain.from_iterable(told.values()))

    async def open_orders(self) -> Sequence[OpenOrder]:
        told = await self.parts.all_told(lambda part: part.open_orders())
        for account, orders in told.items():
            for order in orders:
                if order.cloid is not None:
                    self.parts.lies_with(order.cloid, self.parts.way_to(account))
        return sorted(chain.from_iterable(told.values()), key=lambda order: (order.at, order.oid))

    async def balance(self) -> Balance:
        await self._weigh()
        return merge.balance(list(self._balances.values()))

    async def marks(self) -> Mapping[str, Decimal]:
        """The word of a part where something is at stake goes before another's."""
        told = await self.parts.all_told(lambda part: part.marks())
        weighty = sorted(told, key=self.parts.is_busy)
        return {symbol: mark for account in weighty for symbol, mark in told[account].items()}

    async def schedule_cancel(self, at: datetime | None) -> bool:
        told = await self.parts.all_told(lambda part: part.schedule_cancel(at))
        return all(told.values())

    async def _weigh(self) -> None:
        """Of a silent part with nothing at stake, the last balance still holds."""
        self._balances.update(await self.parts.all_told(lambda part: part.balance()))
        for account, balance in self._balances.items():
            self.parts.weighed(account, balance)

    async def _place_of(self, intent: OrderIntent) -> str:
        """Where it says; where it names all of them, with whom it lies, or who holds what it reduces."""
        if intent.venue in self.parts:
            return intent.venue
        if (known := await self.parts.whose(intent.cloid)) is not None:
            return known
        if intent.reduce_only:
            await self._weigh()
            for account, balance in self._balances.items():
                if any(position.symbol == intent.symbol for position in balance.positions):
                    return self.parts.way_to(account)
        return self.parts.pick()


def _after(known: Standing, intent: OrderIntent, report: Report) -> Standing:
    if report.state == "unknown":
        return known.failed()
    if report.average_price is None or report.state in LIVE:
        return known
    return known.filled(report.average_price, intent.arrival, buys=intent.side == "buy")
