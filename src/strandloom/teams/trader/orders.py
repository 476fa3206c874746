"""trader.orders: waits until a decision's conditions are met, then asks for its order, exactly once."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from strandloom.basics.errors import Refused
from strandloom.blackboard.desk import Ahead, Desk
from strandloom.blackboard.strand import NOTHING, Draft, Said, Strand, Write
from strandloom.blackboard.together import together
from strandloom.kinds.attention import ConditionMet, Flatten
from strandloom.kinds.decision import Decision, HaltOrder
from strandloom.kinds.heartbeat import Heartbeat
from strandloom.kinds.position import PositionTracking
from strandloom.market.conditions import check
from strandloom.teams.trader import closing, saying, wait_tables
from strandloom.teams.trader import order as orders
from strandloom.teams.trader import trade as trades
from strandloom.teams.trader.entering import Entering
from strandloom.teams.trader.foretelling import Foretelling
from strandloom.teams.trader.order import Row
from strandloom.teams.trader.sight import mid_of, seen
from strandloom.teams.trader.ways import Ways
from strandloom.venues.port import Venue

WHO_MAY_DECIDE = ("decision_maker.gate", "decision_maker.closer")


class Orders:
    """Decides when; the sender acts."""

    name = "trader.orders"
    reads = (
        "trader:execute",
        "trader:condition_met",
        "trader:halt",
        "trader:flatten",
        "market:heartbeat",
    )

    def __init__(self, venue: Venue, entering: Entering, foretell: Foretelling) -> None:
        self._venue = venue
        self._foretell = foretell
        self._entering = entering

    async def handle(self, strand: Strand, desk: Desk) -> Said:
        ways = Ways(desk)
        return await self._foretell(await self._handle(strand, desk, ways), desk, ways)

    async def _handle(self, strand: Strand, desk: Desk, ways: Ways) -> Said:
        match strand.body:
            case Decision() as body:
                return await self._decided(strand, body, desk, ways)
            case ConditionMet() as told:
                return await self._each(desk, ways, told=told)
            case Heartbeat(catch_up=late, blocked=blocked):
                return await self._each(desk, ways, late=late, blocked=blocked)
            case HaltOrder(reason=reason, symbol=symbol):
                return await self._given_up(desk, symbol, f"halted: {reason}")
            case Flatten(reason=reason, symbol=symbol):
                return await self._given_up(desk, symbol, f"flattened: {reason}")
        return NOTHING

    async def wakes(self, ahead: Ahead, desk: Desk) -> int:
        """With something waiting every minute is looked at."""
        return ahead.first if await desk.tables.look("wait.open") else ahead.stop

    async def _decided(self, strand: Strand, body: Decision, desk: Desk, ways: Ways) -> Said:
        """A new decision: act at once, or begin to wait; whatever it replaces ends."""
        if strand.module not in WHO_MAY_DECIDE:
            raise Refused(
                "who_may_decide",
                f"only {' and '.join(WHO_MAY_DECIDE)} decide; {strand.module} may post a plan instead",
            )
        ended = await self._replaced(body, desk) if body.replaces else NOTHING
        if body.intent == "close":
            return saying.joined(ended, await self._closing(strand, body, desk))
        if body.expires_at <= desk.now:
            return _ended(ended, strand.id, body, "expired", "it came after its expiry")
        busy, doubt, choice = await together(
            desk,
            _position_on(body.symbol, desk),
            _doubt(body.symbol, desk),
            self._entering.choice(strand.id, body, desk, ways),
        )
        if busy:
            why = f"{body.symbol} has the position of decision {busy}; one position per symbol"
            return _ended(ended, strand.id, body, "rejected", why)
        if doubt:
            return saying.joined(ended, _waits(strand.id, body, desk.now, doubt, "unclear"))
        verdict = None
        if body.condition is not None:
            verdict = check(body.condition, seen(desk.market, body.symbol, desk.now, since=desk.now))
        if verdict is None or verdict.met:
            mid = mid_of(desk.market, body.symbol)
            return saying.joined(ended, self._entering.first(strand.id, body, choice, mid, desk.now))
        away = None if verdict.distance_bps is None else f"{verdict.distance_bps:.1f} bps"
        return saying.joined(ended, _waits(strand.id, body, desk.now, verdict.what, verdict.value, away))

    async def _closing(self, strand: Strand, body: Decision, desk: Desk) -> Said:
        rows = await desk.tables.look("trade.open")
        mine = [row for row in rows if row["symbol"] == body.symbol and row["plan"] == _text(body.plan)]
        trade = None
        if mine:
            found = await desk.tables.look("order.of", trade=mine[0]["decision"])
            trade = trades.of(mine[0], [orders.from_row(row) for row in found])
            if trade.held <= 0 or any(order.leg == "close" and order.stands for order in trade.orders):
                return NOTHING  # it is closed, or being closed
        instrument, mid = self._venue.instrument(body.symbol), mid_of(desk.market, body.symbol)
        intent = closing.of_decision(strand.id, body, trade, instrument, self._venue.name, mid)
        return saying.asked([intent], strand.at)

    async def _each(
        self,
        desk: Desk,
        ways: Ways,
        *,
        told: ConditionMet | None = None,
        late: bool = False,
        blocked: tuple[str, ...] = (),
    ) -> Said:
        """The waits, looked at once more: met, over, or still waiting."""
        rows = await desk.tables.look("wait.open")
        parts = [
            await self._waiting(row, desk, ways, told=told, shut=late or row["symbol"] in blocked)
            for row in rows
            if told is None or row["decision"] == str(told.decision)
        ]
        said = saying.joined(*parts)
        return said if said.writes else NOTHING

    async def _waiting(
        self, row: Row, desk: Desk, ways: Ways, *, told: ConditionMet | None, shut: bool
    ) -> Said:
        found = await desk.board.get(UUID(row["decision"]))
        if found is None or not isinstance(found.body, Decision):
            return Said(writes=(wait_tables.end(row["decision"]),))
        body = found.body
        if body.expires_at <= desk.now:
            return await self._over(row, body, "expired", "its condition was not met in time", desk)
        halts = await desk.tables.look("halt.all")
        if halt := next((h for h in halts if h["symbol"] in ("", body.symbol)), None):
            return await self._over(row, body, "cancelled", f"halted: {halt['reason']}", desk)
        if shut or await _doubt(body.symbol, desk):
            return NOTHING  # what is told after a downtime, or with a hole in it, opens nothing
        if row["part"]:
            return await self._entering.next(found.id, body, row, desk)
        if busy := await _position_on(body.symbol, desk):
            return await self._over(row, body, "rejected", f"{body.symbol} has the position of {busy}", desk)
        since = datetime.fromisoformat(row["since"])
        if told or check(body.condition, seen(desk.market, body.symbol, desk.now, since=since)).met:
            mid = told.mid if told else mid_of(desk.market, body.symbol)
            choice = await self._entering.choice(found.id, body, desk, ways)
            entered = self._entering.first(found.id, body, choice, mid, desk.now)
            return saying.joined(Said(writes=(wait_tables.take(row),)), entered)
        return NOTHING

    async def _given_up(self, desk: Desk, symbol: str | None, why: str) -> Said:
        """No wait goes on, everywhere or on a symbol."""
        drafts: list[Draft] = []
        writes: list[Write] = []
        for row in await desk.tables.look("wait.open"):
            found = await desk.board.get(UUID(row["decision"])) if symbol in (None, row["symbol"]) else None
            if found is not None and isinstance(found.body, Decision):
                said = await self._over(row, found.body, "cancelled", why, desk)
                drafts += said.drafts
                writes += said.writes
        return Said(drafts=tuple(drafts), writes=tuple(writes)) if writes else NOTHING

    async def _over(self, row: Row, body: Decision, state: str, why: str, desk: Desk) -> Said:
        """A wait ends; the claim on the budget goes with it unless earlier slices were filled."""
        rows = await desk.tables.look("order.of", trade=row["decision"]) if row["part"] else ()
        filled = any(Decimal(one["filled"]) > 0 for one in rows)
        name = UUID(row["decision"])
        draft = saying.of_decision(name, body, state, why=why, more=filled)  # type: ignore[arg-type]
        return Said(drafts=(draft,), writes=(wait_tables.end(name),))

    async def _replaced(self, body: Decision, desk: Desk) -> Said:
        """The wait of the plan that this one replaces is over."""
        for row in await desk.tables.look("wait.open"):
            if row["plan"] == str(body.replaces):
                found = await desk.board.get(UUID(row["decision"]))
                if found is not None and isinstance(found.body, Decision):
                    return await self._over(row, found.body, "cancelled", "replaced by a newer plan", desk)
        return NOTHING


def _waits(
    name: UUID, body: Decision, since: datetime, condition: str, value: str, distance: str | None = None
) -> Said:
    pending = saying.of_decision(name, body, "pending", condition=condition, value=value, distance=distance)
    return Said(drafts=(pending,), writes=(wait_tables.begin(name, body, since, why=condition),))


def _ended(before: Said, name: UUID, body: Decision, state: str, why: str) -> Said:
    draft = saying.of_decision(name, body, state, why=why)  # type: ignore[arg-type]
    return saying.joined(before, Said(drafts=(draft,)))


async def _position_on(symbol: str, desk: Desk) -> str | None:
    """The decision whose position is open on the symbol."""
    rows = await desk.tables.look("trade.open")
    return next((row["decision"] for row in rows if row["symbol"] == symbol), None)


async def _doubt(symbol: str, desk: Desk) -> str | None:
    """Why nothing new may be opened on the symbol now: an order in doubt, or a difference with the venue."""
    live, latest = await together(
        desk, desk.tables.look("order.live"), desk.board.latest("position_tracking")
    )
    for row in live:
        if row["symbol"] == symbol and row["state"] == "unknown":
            return f"the fate of order {row['cloid']} is unknown"
    tracking = latest[0].body if latest else None
    if isinstance(tracking, PositionTracking) and symbol in tracking.unexplained:
        return f"our books and the venue differ on {symbol}"
    return None


def _text(name: UUID | None) -> str | None:
    return None if name is None else str(name)
