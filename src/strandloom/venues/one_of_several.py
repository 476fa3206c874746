"""One account of a venue that falls back: asked over whichever way to it answers, under one name."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from strandloom.kinds.fill import Fill, FundingPaid, OpenOrder
from strandloom.venues.parts import Parts
from strandloom.venues.port import Balance, Position, Report


class OneOfSeveral:
    """Its name is that of the first way to it, whichever way was taken."""

    def __init__(self, name: str, parts: Parts) -> None:
        self.name = name
        self._parts = parts

    async def balance(self) -> Balance:
        return await self._parts.asked(self.name, lambda part: part.balance())

    async def positions(self) -> Sequence[Position]:
        return await self._parts.asked(self.name, lambda part: part.positions())

    async def order(self, cloid: str) -> Report | None:
        return await self._parts.asked(self.name, lambda part: part.order(cloid))

    async def funding_usd(self, symbol: str, since: datetime, until: datetime) -> Decimal:
        return await self._parts.asked(self.name, lambda part: part.funding_usd(symbol, since, until))

    async def fills(self, since: datetime) -> Sequence[Fill]:
        told = await self._parts.asked(self.name, lambda part: part.fills(since))
        return [replace(fill, venue=self.name) for fill in told]

    async def fundings(self, since: datetime) -> Sequence[FundingPaid]:
        told = await self._parts.asked(self.name, lambda part: part.fundings(since))
        return [replace(paid, venue=self.name) for paid in told]

    async def open_orders(self) -> Sequence[OpenOrder]:
        told = await self._parts.asked(self.name, lambda part: part.open_orders())
        for order in told:
            if order.cloid is not None:
                self._parts.lies_with(order.cloid, self.name)
        return [replace(order, venue=self.name) for order in told]
