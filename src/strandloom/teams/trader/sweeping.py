"""Clearing the book: every order that could open a position is taken back, whoever placed it."""

from collections.abc import Sequence

from strandloom.kinds.fill import OpenOrder
from strandloom.kinds.sweep import Swept
from strandloom.teams.trader.order import Order
from strandloom.teams.trader.round import Round
from strandloom.venues.port import Position, Venue, VenueSilent

Held = dict[str, Sequence[Position]]  # by account


class Sweeping:
    """One look at what rests.  What only reduces a position is its guard: it stays until that is flat."""

    def __init__(self, venue: Venue, round_: Round, held: Held) -> None:
        """Accounts that are not in `held` do not answer now."""
        self._venue = venue
        self._round = round_
        self._accounts = [account for account in venue.accounts if account.name in held]
        self._held = {(name, one.symbol): one.quantity for name in held for one in held[name]}

    async def swept(self, symbol: str | None) -> tuple[Swept, ...]:
        """Take back what may go, on one symbol or on all; a second time finds it gone."""
        resting = [order for account in self._accounts for order in await account.open_orders()]
        before = dict(self._round.orders)
        mine = [order for order in resting if symbol in (None, order.symbol)]
        return tuple([await self._one(order, before.get(order.cloid or "")) for order in mine])

    async def _one(self, order: OpenOrder, before: Order | None) -> Swept:
        ours = self._round.orders.get(order.cloid or "")
        if ours is not None and ours.is_over and before is not ours:
            return _told(order, ours, "cancelled")  # a stop that went with its entry
        if self._guards(order):
            return _told(order, ours, "kept")
        try:
            gone = await self._taken_back(order, ours)
        except VenueSilent:
            gone = False
        return _told(order, ours, "cancelled" if gone else "not cancelled")

    async def _taken_back(self, order: OpenOrder, ours: Order | None) -> bool:
        if ours is None or not ours.rests:  # a stranger's, or one that our books have given up
            return await self._venue.take_back(order, self._round.at)
        return (await self._round.cancel(ours)).is_over

    def _guards(self, order: OpenOrder) -> bool:
        held = self._held.get((order.venue, order.symbol), 0)
        return order.reduce_only and (held > 0 if order.side == "sell" else held < 0)


def _told(order: OpenOrder, ours: Order | None, became: str) -> Swept:
    return Swept(
        venue=order.venue,
        symbol=order.symbol,
        oid=order.oid,
        side=order.side,
        price=order.trigger or order.price,
        quantity=order.quantity,
        ours=ours is not None,
        became=became,  # type: ignore[arg-type]
    )
