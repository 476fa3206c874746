"""Several accounts as one venue: a new order goes to the best of them, and stays where it was sent."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from strandloom.basics.clock import Clock
from strandloom.blackboard.desk import Market
from strandloom.kinds.fill import Fill, FundingPaid, OpenOrder
from strandloom.kinds.instrument import Instrument
from strandloom.kinds.order import OrderIntent
from strandloom.venues import merge
from strandloom.venues.one_of_several import OneOfSeveral
from strandloom.venues.parts import Parts
from strandloom.venues.port import LIVE, Account, Balance, Mode, Position, Report, Venue, VenueSilent
from strandloom.venues.standing import Standing


class FallbackVenue:
    """Each account keeps books of its own.  What one holds or has in doubt is never given to another."""

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
        self._accounts = {one: OneOfSeveral(one, self.parts) for one in self.parts.accounts}
        self._balances: dict[str, Balance] = {}

    @property
    def accounts(self) -> Sequence[Account]:
        return tuple(self._accounts.values())

    def account_of(self, name: str) -> Account:
        """A name that nobody knows any more stands for the first of them."""
        return self._accounts[self.parts.account_of(name)] if name in self.parts else self.accounts[0]

    def pick(self) -> str:
        return self.parts.pick()

    def instrument(self, symbol: str) -> Instrument | None:
        """As coarse as the coarsest part: an order must be good wherever it goes."""
        found = [part.instrument(symbol) for part in self.parts.all]
        return merge.instrument([one for one in found if one is not None]) if all(found) else None

    async def follow(self, market: Market) -> None:
        for part in self.parts.all:
            await part.follow(market)

    async def place(self, intent: OrderIntent, at: datetime, stop: OrderIntent | None = None) -> Report:
        name = await self._place_of(intent)
        self.parts.lies_with(intent.cloid, name)
        if stop is not None:
            self.parts.lies_with(stop.cloid, name)
        report = await self.parts.asked(name, lambda part: part.place(intent, at, stop))
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
        named = (replace(fill, venue=account) for account, fills in told.items() for fill in fills)
        return sorted(named, key=lambda fill: (fill.at, fill.oid, fill.tid))

    async def fundings(self, since: datetime) -> Sequence[FundingPaid]:
        told = await self.parts.all_told(lambda part: part.fundings(since))
        named = (replace(paid, venue=account) for account, several in told.items() for paid in several)
        return sorted(named, key=lambda paid: (paid.at, paid.symbol, paid.venue))

    async def open_orders(self) -> Sequence[OpenOrder]:
        found = [order for account in self._accounts.values() for order in await account.open_orders()]
        return sorted(found, key=lambda order: (order.at, order.oid))

    async def balance(self) -> Balance:
        """The sum; of an account that is silent, what it said last at the prices of the others."""
        silent = tuple(account for account in await self._weigh() if self.parts.is_busy(account))
        if silent and not set(silent) <= set(self._balances):
            raise VenueSilent(f"{', '.join(silent)} has not said yet what it holds")
        marks = await self.marks() if silent else {}
        known = [
            merge.marked(balance, marks) if account in silent else balance
            for account, balance in self._balances.items()
        ]
        return replace(merge.balance(known), silent=silent)

    async def positions(self) -> Sequence[Position]:
        return (await self.balance()).positions

    async def marks(self) -> Mapping[str, Decimal]:
        """The word of a part where something is at stake goes before another's."""
        told, _ = await self.parts.each(lambda part: part.marks())
        weighty = sorted(told, key=self.parts.is_busy)
        return {symbol: mark for account in weighty for symbol, mark in told[account].items()}

    async def schedule_cancel(self, at: datetime | None) -> bool:
        told = await self.parts.all_told(lambda part: part.schedule_cancel(at))
        return all(told.values())

    async def _weigh(self) -> Collection[str]:
        """The accounts that are silent; of those the last balance still holds."""
        told, silent = await self.parts.each(lambda part: part.balance())
        self._balances.update(told)
        for account, balance in told.items():
            self.parts.weighed(account, balance)
        return silent

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
