"""Where books and venue differ: positions that are not the same, and orders that nobody here asked for."""

from collections.abc import Mapping
from decimal import Decimal

from strandloom.blackboard.desk import Desk
from strandloom.blackboard.strand import Draft
from strandloom.kinds.attention import VenueDifference
from strandloom.teams.trader import order as orders
from strandloom.teams.trader import picture, silence
from strandloom.teams.trader.round import Round
from strandloom.venues.port import Balance, Venue

TAGS = ("trader:venue_difference", "cil:venue_difference")
Differing = Mapping[str, tuple[Decimal, Decimal]]


class Differences:
    """What of it was suspected in the last look, and what was told; each is told once, and its end once."""

    def __init__(self, venue: Venue) -> None:
        self._venue = venue
        self._suspected: Differing = {}
        self._told: Differing = {}
        self._foreign: frozenset[tuple[str, str, int]] = frozenset()  # account, symbol, order id

    @property
    def pending(self) -> bool:
        """Something differs, or seemed to: the next look says more."""
        return bool(self._suspected or self._told)

    async def look(
        self, round_: Round, balance: Balance, desk: Desk, *, sure: bool, called: bool
    ) -> list[str]:
        """The symbols that differ.  Orders are asked for when called, or as long as some are foreign."""
        differ = self._positions(round_, balance, sure=sure)
        return differ + await self._orders(round_, balance, desk) if called or self._foreign else differ

    def _positions(self, round_: Round, balance: Balance, *, sure: bool) -> list[str]:
        """A position is told when it is seen twice, because an order may be on its way."""
        different = picture.differences(round_.trades(), balance)
        if not (different or self.pending):
            return []
        on_its_way = {order.symbol for order in round_.orders.values() if order.stands and not order.rests}
        seen = {s: d for s, d in different.items() if s not in on_its_way}
        certain = seen if sure else {s: d for s, d in seen.items() if self._suspected.get(s) == d}
        for symbol, pair in certain.items():
            if self._told.get(symbol) != pair:
                round_.drafts.append(self._draft(symbol, "the position", *pair, settled=False))
        for symbol in self._told:
            if symbol not in seen:
                same = next((t.quantity for t in round_.trades() if t.symbol == symbol), Decimal(0))
                round_.drafts.append(self._draft(symbol, "the position", same, same, settled=True))
        self._suspected = seen
        self._told = {s: d for s, d in seen.items() if s in certain or s in self._told}
        return list(self._told)

    async def _orders(self, round_: Round, balance: Balance, desk: Desk) -> list[str]:
        """What rests at the venue and should not: our own that are over go, those of others are named."""
        foreign = {one for one in self._foreign if one[0] in balance.silent}
        answering = silence.answering(self._venue, balance)
        for one in [order for account in answering for order in await account.open_orders()]:
            rows = await desk.tables.look("order.one", cloid=one.cloid) if one.cloid else ()
            if not rows:
                foreign.add((one.venue, one.symbol, one.oid))
            elif (order := orders.from_row(rows[0])).is_over and one.cloid not in round_.orders:
                await self._venue.cancel(one.symbol, order.cloid, round_.at)
                await round_.late(order)
        for _, symbol, oid in sorted(foreign - self._foreign):
            round_.drafts.append(self._draft(symbol, "an order", "none", f"order {oid}", settled=False))
        for _, symbol, oid in sorted(self._foreign - foreign):
            round_.drafts.append(self._draft(symbol, "an order", "none", f"not {oid}", settled=True))
        self._foreign = frozenset(foreign)
        return [symbol for _, symbol, _ in sorted(foreign)]

    def _draft(self, symbol: str, what: str, ours: object, theirs: object, *, settled: bool) -> Draft:
        body = VenueDifference(
            venue=self._venue.name,
            symbol=symbol,
            what=what,
            ours=str(ours),
            theirs=str(theirs),
            settled=settled,
        )
        return Draft(body=body, tags=TAGS, symbol=symbol)
