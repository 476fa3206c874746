"""How an approved entry becomes orders: its style, its price, and its slices."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from strandloom.blackboard.desk import Desk
from strandloom.blackboard.strand import NOTHING, Said
from strandloom.kinds.decision import Decision
from strandloom.kinds.order import Choice, OrderIntent
from strandloom.kinds.plan import TimeInForce
from strandloom.teams.trader import saying, wait_tables
from strandloom.teams.trader.order import Row
from strandloom.teams.trader.saying import cloid_of
from strandloom.teams.trader.sight import mid_of
from strandloom.teams.trader.stops import with_guards, with_stop
from strandloom.teams.trader.style import share_of
from strandloom.teams.trader.ways import Ways
from strandloom.venues.port import Venue

BETWEEN_SLICES = timedelta(minutes=1)
MAKER_PATIENCE = timedelta(minutes=2)
Choose = Callable[[UUID, Decision, Desk, Ways], Awaitable[Choice]]


class Entering:
    """Makes the intents of an entry, one by one; `choose` says in which style."""

    def __init__(self, venue: Venue, choose: Choose) -> None:
        self._venue = venue
        self._choose = choose

    async def choice(self, name: UUID, body: Decision, desk: Desk, ways: Ways) -> Choice:
        """How it would be sent now."""
        return await self._choose(name, body, desk, ways)

    def first(self, name: UUID, body: Decision, choice: Choice, mid: Decimal | None, now: datetime) -> Said:
        """The order that is wanted, or the first slice of it with a wait for the next."""
        if choice.style == "sliced":
            return self._slice(name, body, 0, body.quantity, choice, mid, now)
        intent = self._intent(name, body, choice, body.quantity, 0, mid, now)
        guarded = with_guards if choice.style == "taker" and intent.time_in_force == "ioc" else with_stop
        return saying.asked(guarded(intent, self._venue.instrument(body.symbol)), now)

    async def next(self, name: UUID, body: Decision, row: Row, desk: Desk) -> Said:
        """The next slice, when its time has come and the position that it adds to is still there."""
        if row["due_at"] is not None and datetime.fromisoformat(row["due_at"]) > desk.now:
            return NOTHING
        opened = any(one["decision"] == str(name) for one in await desk.tables.look("trade.open"))
        earlier = await desk.tables.look("order.of", trade=str(name))
        asked = sum((Decimal(one["quantity"]) for one in earlier if one["leg"] == "entry"), Decimal(0))
        left = body.quantity - asked
        if not opened or left <= 0 or any(one["leg"] == "close" for one in earlier):
            return Said(writes=(wait_tables.end(name),))
        choice = Choice(style="sliced", why=f"slice {row['part'] + 1}", cost_bps={})
        mid = mid_of(desk.market, body.symbol)
        taken = Said(writes=(wait_tables.take(row),))
        return saying.joined(taken, self._slice(name, body, row["part"], left, choice, mid, desk.now))

    def _where(self, body: Decision) -> str:
        """The venue that was decided; where that stands for several, the one that serves best now."""
        return self._venue.pick() if body.venue in (None, self._venue.name) else body.venue or ""

    def _slice(
        self,
        name: UUID,
        body: Decision,
        part: int,
        left: Decimal,
        choice: Choice,
        mid: Decimal | None,
        now: datetime,
    ) -> Said:
        """One of the slices; the last one takes what is left."""
        instrument = self._venue.instrument(body.symbol)
        quantity = share_of(left, part, instrument.lot) if instrument else left
        quantity, is_last = (left, True) if quantity <= 0 else (quantity, quantity >= left)
        intent = self._intent(name, body, choice, quantity, part, mid, now)
        asked = saying.asked(with_stop(intent, instrument), now)
        if is_last:
            return asked
        due = now + BETWEEN_SLICES
        wait = wait_tables.begin(name, body, now, part=part + 1, due_at=due, why="the next slice")
        return saying.joined(asked, Said(writes=(wait,)))

    def _intent(
        self,
        name: UUID,
        body: Decision,
        choice: Choice,
        quantity: Decimal,
        part: int,
        mid: Decimal | None,
        now: datetime,
    ) -> OrderIntent:
        patient = choice.style == "maker" and body.entry_type == "market" and mid is not None
        return OrderIntent(
            decision=name,
            plan=body.plan,
            leg="entry",
            part=part,
            cloid=cloid_of(name, "entry", part),
            venue=self._where(body),
            symbol=body.symbol,
            side=body.side,
            quantity=quantity,
            price=mid if patient and mid is not None else body.entry_price or body.worst_price,
            time_in_force=_time_in_force(body, choice),
            reduce_only=body.reduce_only,
            expires_at=body.expires_at,
            style=choice.style,
            because=body.reason,
            arrival=mid,
            exploration=body.exploration,
            risk_usd=body.risk_usd,
            stop=body.stop,
            take_profit=body.take_profit,
            patient_until=min(now + MAKER_PATIENCE, body.expires_at) if patient else None,
            chosen=choice if choice.shown else None,
        )


def _time_in_force(body: Decision, choice: Choice) -> TimeInForce:
    if choice.style == "maker" and body.entry_type != "limit":
        return "alo"
    return "ioc" if choice.style == "sliced" else body.time_in_force
