"""trader.tracker: follows every order to its end, knows what is held, and closes each trade once."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import numpy as np

from strandloom.basics.errors import Retryable
from strandloom.blackboard.desk import Ahead, Desk
from strandloom.blackboard.strand import NOTHING, Draft, Said, Strand
from strandloom.kinds.attention import Attention, VenueDifference
from strandloom.kinds.decision import Decision
from strandloom.kinds.fill import Fill
from strandloom.kinds.heartbeat import Heartbeat
from strandloom.kinds.order import OrderIntent, OrderStatus
from strandloom.kinds.position import Held, PositionTracking
from strandloom.ledger import drift, journal
from strandloom.teams.trader import order as orders
from strandloom.teams.trader import patience, picture, saying, tables, together
from strandloom.teams.trader.keep_up import keep_up
from strandloom.teams.trader.news import is_news
from strandloom.teams.trader.order import Order
from strandloom.teams.trader.readiness import Readiness
from strandloom.teams.trader.round import Round
from strandloom.teams.trader.saying import cloid_of
from strandloom.venues.port import Balance, Venue, VenueSilent

TRACKING = ("trader:position_tracking", "dm:position_tracking", "cil:position_tracking")
STALE = timedelta(minutes=10)  # an intent that nobody has sent by then is looked into
OVERLAP = timedelta(minutes=1)  # fills are read again so far back: a venue may tell one late
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
Differing = Mapping[str, tuple[Decimal, Decimal]]


class Tracker:
    """Once a minute, after each fill, and when called: ask the venue, move the books, tell what is new.

    The first look of a process is the recovery: it is the same look, and never a short one.
    """

    name = "trader.tracker"
    reads = ("market:heartbeat", "trader:order_status", "trader:attention")

    def __init__(self, venue: Venue, readiness: Readiness) -> None:
        self._venue = venue
        self._readiness = readiness
        self._idle_in: datetime | None = None  # the hour in which was told that there is nothing
        self._suspected: Differing = {}
        self._told: Differing = {}
        self._foreign: frozenset[tuple[str, int]] = frozenset()

    async def handle(self, strand: Strand, desk: Desk) -> Said:
        if isinstance(strand.body, OrderStatus) and not _moved_something(strand.body):
            return NOTHING
        if await self._overtaken(strand, desk):
            return NOTHING
        try:
            return await self._look(strand, desk)
        except VenueSilent as silent:
            return await self._unhealthy(str(silent), strand, desk)

    async def wakes(self, ahead: Ahead, desk: Desk) -> int:
        """While nothing is open, once an hour; else when the venue or the clock brings something."""
        if not self._readiness.recovered or self._suspected or self._told:
            return ahead.first
        if await desk.tables.look("trade.open") or await desk.tables.look("order.live"):
            return await patience.busy_until(self._venue, ahead, desk)
        if self._idle_in != patience.hour_of(ahead.first):
            return ahead.first
        return min(ahead.stop, patience.next_slot(ahead.first, HOUR))

    async def _overtaken(self, strand: Strand, desk: Desk) -> bool:
        """A venue that moves by itself says the same for every minute of a backlog: the newest is enough.

        The first minutes of an hour are always looked at: they ask for the funding of the hour before.
        """
        if self._venue.mode == "paper" or not self._readiness.recovered:
            return False
        if not isinstance(strand.body, Heartbeat) or strand.at.minute <= 1:
            return False
        (newest,) = await desk.board.latest("heartbeat")
        return newest.at > strand.at

    async def _look(self, strand: Strand, desk: Desk) -> Said:
        await keep_up(self._venue, desk, needed=isinstance(strand.body, Heartbeat))
        order_rows = await desk.tables.look("order.live")
        trade_rows = await desk.tables.look("trade.open")
        called = isinstance(strand.body, Attention) or not self._readiness.recovered
        hour = strand.at.replace(minute=0, second=0, microsecond=0)
        idle = not (order_rows or trade_rows or called)
        if idle and self._idle_in == hour:
            return NOTHING
        round_ = Round(self._venue, strand.at, order_rows, trade_rows)
        balance = await self._venue.balance()
        fills = await self._new_fills(round_, strand.at, desk)
        await self._follow_orders(round_, balance, fills, called=called, desk=desk)
        await self._follow_fills(round_, fills, desk)
        await self._entries(round_, desk)
        self._excursions(round_, desk)
        await self._closings(round_)
        if round_.drafts:
            balance = await self._venue.balance()
        held = await self._positions(round_, balance, strand, desk)
        unexplained = self._differences(round_, balance, sure=not self._readiness.recovered)
        if called or self._foreign:
            unexplained += await self._strangers(round_, desk)
        body = picture.tracking(
            self._venue,
            balance,
            held,
            correlated_usd=_correlated_usd(balance, desk),
            in_doubt=_in_doubt(round_),
            unexplained={*unexplained, *await drift.unexplained(desk.tables, self._venue.name)},
        )
        await self._tell(body, round_, strand, desk)
        self._readiness.recovered = True
        self._idle_in = hour if idle else None
        return round_.said() if round_.drafts or round_.writes else NOTHING

    async def _new_fills(self, round_: Round, at: datetime, desk: Desk) -> list[Fill]:
        """The fills that were not read before; each goes into the ledger."""
        rows = await desk.tables.look("fills.read", venue=self._venue.name)
        since = datetime.fromisoformat(rows[0]["at"]) - OVERLAP if rows else at
        known = set(rows[0]["keys"]) if rows else set()
        found = await self._venue.fills(since)
        new = [fill for fill in found if _key(fill) not in known]
        round_.writes += [journal.of_fill(fill) for fill in new]
        if new or not rows:
            edge = max((fill.at for fill in found), default=since)
            recent = [_key(fill) for fill in found if fill.at >= edge - OVERLAP]
            round_.writes.append(tables.read_to(self._venue.name, edge, recent))
        if rows and (at.minute <= 1 or not self._readiness.recovered):
            paid = await self._venue.fundings(at - HOUR)
            round_.writes += [journal.of_funding(one) for one in paid]
        return new

    async def _follow_orders(
        self, round_: Round, balance: Balance, fills: Sequence[Fill], *, called: bool, desk: Desk
    ) -> None:
        """Every order is asked for, unless the venue has as many as we know and told of no fill."""
        known = list(round_.orders.values())
        resting = [order for order in known if order.rests]
        if called or fills or balance.open_orders != len(resting):
            for order in resting:
                await round_.ask(order)
        for order in known:
            stale = order.state in ("intended", "sent") and desk.now - order.at > STALE
            if order.state == "unknown" or stale:
                await round_.resolve(order)

    async def _follow_fills(self, round_: Round, fills: Sequence[Fill], desk: Desk) -> None:
        """Fills of orders that we thought were over, and fills that none of ours asked for."""
        strange: dict[int, list[Fill]] = {}
        for fill in fills:
            order = round_.orders.get(fill.cloid or "")
            if order is None and fill.cloid is not None:
                rows = await desk.tables.look("order.one", cloid=fill.cloid)
                order = orders.from_row(rows[0]) if rows else None
                if order is not None and order.is_over and order.filled < order.quantity:
                    await round_.late(order)
            if order is None:
                strange.setdefault(fill.oid, []).append(fill)
        for group in strange.values():
            for trade in round_.trades():
                if trade.symbol == group[0].symbol and trade.side != group[0].side and trade.held > 0:
                    round_.adopt(trade, group)

    async def _entries(self, round_: Round, desk: Desk) -> None:
        """Entries that still rest: what is late or halted is taken back, what was patient enough crosses."""
        resting = [order for order in round_.orders.values() if order.leg == "entry" and order.rests]
        halted = {halt["symbol"] for halt in await desk.tables.look("halt.all")} if resting else set()
        for order in resting:
            late = order.expires_at <= desk.now
            stopped = bool(halted & {"", order.symbol})
            patient = order.patient_until is None or order.patient_until > desk.now
            if not (late or stopped) and patient:
                continue
            crosses = not (late or stopped)
            after = await round_.cancel(order, ends="expired" if late else None, more=crosses)
            if crosses and after.is_over and after.left > 0:
                await self._cross(after, round_, desk)

    async def _cross(self, order: Order, round_: Round, desk: Desk) -> None:
        """What a patient entry did not get is taken, within the decision's worst price."""
        found = await desk.board.get(order.decision)
        if found is None or not isinstance(found.body, Decision):
            return
        part = order.part + 1
        intent = OrderIntent(
            decision=order.decision,
            plan=order.plan,
            leg="entry",
            part=part,
            cloid=cloid_of(order.decision, "entry", part),
            venue=order.venue,
            symbol=order.symbol,
            side=order.side,
            quantity=order.left,
            price=found.body.worst_price,
            time_in_force="ioc",
            reduce_only=False,
            expires_at=order.expires_at,
            style="maker",
            because="its patience was over",
            arrival=order.arrival,
            exploration=order.exploration,
            risk_usd=order.risk_usd,
            stop=order.stop,
            take_profit=order.take_profit,
        )
        asked = saying.asked([intent], desk.now)
        round_.drafts += asked.drafts
        round_.writes += asked.writes

    async def _closings(self, round_: Round) -> None:
        """A trade that is flat is closed."""
        for trade in round_.trades():
            if trade.flat:
                await round_.close(trade)

    async def _positions(self, round_: Round, balance: Balance, strand: Strand, desk: Desk) -> list[Held]:
        """What is held."""
        found = []
        for trade in round_.trades():
            funding = await self._venue.funding_usd(trade.symbol, trade.opened_at, strand.at)
            found.append(picture.held(trade, balance, funding))
        return found

    def _excursions(self, round_: Round, desk: Desk) -> None:
        """The worst and the best price that each position has seen, over all minutes since it was opened."""
        try:
            market = desk.market
        except Retryable:
            return  # without bars there is nothing to see
        for trade in round_.trades():
            minutes = -((trade.opened_at - desk.now) // MINUTE)
            if trade.symbol not in market.symbols or minutes <= 0:
                continue
            row, bars = market.symbols.index(trade.symbol), market.bars()
            low, high = bars.low[row, -minutes:], bars.high[row, -minutes:]
            if np.isfinite(low).any():
                further = picture.excursion(trade, float(np.nanmin(low)), float(np.nanmax(high)))
                if further is not None:
                    round_.mark(trade, *further)

    def _differences(self, round_: Round, balance: Balance, *, sure: bool) -> list[str]:
        """Where books and venue differ: told when it is seen twice, because an order may be on its way."""
        on_its_way = {order.symbol for order in round_.orders.values() if order.stands and not order.rests}
        seen = {s: d for s, d in picture.differences(round_.trades(), balance).items() if s not in on_its_way}
        certain = seen if sure else {s: d for s, d in seen.items() if self._suspected.get(s) == d}
        for symbol, pair in certain.items():
            if self._told.get(symbol) != pair:
                round_.drafts.append(self._difference(symbol, "the position", *pair, settled=False))
        for symbol in self._told:
            if symbol not in seen:
                same = next((t.quantity for t in round_.trades() if t.symbol == symbol), Decimal(0))
                round_.drafts.append(self._difference(symbol, "the position", same, same, settled=True))
        self._suspected = seen
        self._told = {s: d for s, d in seen.items() if s in certain or s in self._told}
        return list(self._told)

    async def _strangers(self, round_: Round, desk: Desk) -> list[str]:
        """What rests at the venue and should not: our own that are over go, those of others are named."""
        foreign: set[tuple[str, int]] = set()
        for one in await self._venue.open_orders():
            rows = await desk.tables.look("order.one", cloid=one.cloid) if one.cloid else ()
            if not rows:
                foreign.add((one.symbol, one.oid))
            elif (order := orders.from_row(rows[0])).is_over and one.cloid not in round_.orders:
                await self._venue.cancel(one.symbol, order.cloid, round_.at)
                await round_.late(order)
        for symbol, oid in sorted(foreign - self._foreign):
            round_.drafts.append(self._difference(symbol, "an order", "none", f"order {oid}", settled=False))
        for symbol, oid in sorted(self._foreign - foreign):
            round_.drafts.append(self._difference(symbol, "an order", "none", f"not {oid}", settled=True))
        self._foreign = frozenset(foreign)
        return [symbol for symbol, _ in sorted(foreign)]

    def _difference(self, symbol: str, what: str, ours: object, theirs: object, *, settled: bool) -> Draft:
        body = VenueDifference(
            venue=self._venue.name,
            symbol=symbol,
            what=what,
            ours=str(ours),
            theirs=str(theirs),
            settled=settled,
        )
        tags = ("trader:venue_difference", "cil:venue_difference")
        return Draft(body=body, tags=tags, symbol=symbol)

    async def _tell(self, body: PositionTracking, round_: Round, strand: Strand, desk: Desk) -> None:
        told = await desk.board.latest("position_tracking")
        if is_news(told[0] if told else None, body, strand.at):
            round_.drafts.append(Draft(body=body, tags=TRACKING))

    async def _unhealthy(self, why: str, strand: Strand, desk: Desk) -> Said:
        """The venue does not answer: say so once; nothing is opened until it does."""
        told = await desk.board.latest("position_tracking")
        last = told[0].body if told else None
        if not isinstance(last, PositionTracking) or not last.venue_healthy:
            return NOTHING
        return Said(drafts=(Draft(body=replace(last, venue_healthy=False), tags=TRACKING),))


def _correlated_usd(balance: Balance, desk: Desk) -> Decimal | None:
    """Of several positions, how much is one and the same bet; of one, itself."""
    if len(balance.positions) < 2:
        return None
    try:
        known = together.correlations(desk.market, [position.symbol for position in balance.positions])
    except Retryable:
        known = {}  # without bars they count in full
    return together.heaviest_usd(balance.positions, known)


def _moved_something(body: OrderStatus) -> bool:
    return body.state == "unknown" or (bool(body.filled) and body.state != "closed")


def _in_doubt(round_: Round) -> set[str]:
    return {order.symbol for order in round_.orders.values() if order.state == "unknown"}


def _key(fill: Fill) -> str:
    return f"{fill.symbol}:{int(fill.at.timestamp() * 1000)}:{fill.tid}"
