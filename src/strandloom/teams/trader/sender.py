"""trader.sender: sends what was asked for, and says what came of it."""

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from strandloom.basics.errors import Refused, Retryable
from strandloom.blackboard.desk import Desk
from strandloom.blackboard.strand import NOTHING, Said, Strand
from strandloom.blackboard.together import together
from strandloom.kinds.attention import Flatten
from strandloom.kinds.order import OrderIntent, OrderState
from strandloom.teams.trader import saying, tables
from strandloom.teams.trader.errand import Errand, books_of, is_told
from strandloom.teams.trader.keep_up import keep_up
from strandloom.teams.trader.order import ZERO, Order
from strandloom.teams.trader.readiness import Readiness
from strandloom.teams.trader.stops import along, followers
from strandloom.teams.trader.withdrawing import withdrawn
from strandloom.venues.port import LIVE, Report, Venue, VenueSilent

WHO_MAY_ASK = ("trader.orders", "trader.guard", "trader.tracker", "trader.coordinator")
FLATTENED = 20  # of the newest calls to flatten, looked through before an entry is tried again
REMEMBERED = 10_000  # orders that this process has tried
Guarding = tuple[Said, bool]  # what is said of a guard, and whether it stands at the venue


class Sender:
    """The second of the two steps: the intent is on the board before anything is sent.

    An intent that this process has not seen for the first time, or that is older than the process, may have
    been sent already: the venue is asked before anything goes out.
    """

    name = "trader.sender"
    reads = ("trader:order_intent",)

    def __init__(self, venue: Venue, readiness: Readiness, now: Callable[[], datetime] | None = None) -> None:
        self._venue = venue
        self._readiness = readiness
        self._now = now
        self._tried: OrderedDict[str, None] = OrderedDict()

    async def handle(self, strand: Strand, desk: Desk) -> Said:
        return await self._handle(strand, desk, again=False)

    async def again(self, strand: Strand, desk: Desk) -> Said:
        """Somebody tried before, and nobody knows how far it came."""
        return await self._handle(strand, desk, again=True)

    async def _handle(self, strand: Strand, desk: Desk, *, again: bool) -> Said:
        intent = strand.body
        if not isinstance(intent, OrderIntent) or (intent.leg != "entry" and intent.goes_with):
            return NOTHING  # what is sent with an entry is sent when that is
        if strand.module not in WHO_MAY_ASK:
            raise Refused("who_may_ask", f"orders are asked for by the Trader, not by {strand.module}")
        if intent.leg == "entry":
            books, no = await together(desk, books_of(intent, desk), self._refusal(intent, desk))
            if again and no is None:
                no = await _flattened(intent, strand, desk)
        else:
            books, no = await books_of(intent, desk), None  # what reduces is sent however late
        errand = Errand(intent=intent, strand=strand, desk=desk, books=books)
        before = errand.order(intent)
        if is_told(before):
            late = [await self._followed(guard, before, errand, late=True) for guard in followers(intent)]
            return saying.joined(*[told for told, _ in late])
        if no is not None:
            return await self._given_up(errand, before, no)
        return await self._sent(errand, before, again or self._is_doubtful(intent, strand))

    def _is_doubtful(self, intent: OrderIntent, strand: Strand) -> bool:
        """Tried in this process, or asked for before it began."""
        seen = intent.cloid in self._tried
        self._tried[intent.cloid] = None
        if len(self._tried) > REMEMBERED:
            self._tried.popitem(last=False)
        return seen or strand.created_at < self._readiness.began

    async def _refusal(self, intent: OrderIntent, desk: Desk) -> str | None:
        """Why an entry must not be sent any more."""
        if not self._readiness.recovered:
            raise Retryable("the venue has not been compared with the books since the start")
        halts = await desk.tables.look("halt.all")
        if halt := next((h for h in halts if h["symbol"] in ("", intent.symbol)), None):
            return f"halted: {halt['reason']}"
        now = self._now() if self._now else desk.now
        return "its time was over before it could be sent" if intent.expires_at <= now else None

    async def _given_up(self, errand: Errand, before: Order, why: str) -> Said:
        """Not sent, unless an earlier attempt did it after all."""
        intent = errand.intent
        report = await self._venue.order(intent.cloid)
        if report is not None:
            return await self._sent(errand, before, True)
        state: OrderState = "cancelled" if why.startswith(("halted", "flattened")) else "expired"
        gone = [errand.moved(before, before.moved(state, errand.at, why=why))]
        stop = along(intent)
        for guard in (*([stop] if stop else []), *followers(intent)):
            before = errand.order(guard)
            gone.append(errand.moved(before, before.moved("cancelled", errand.at, why=why)))
        return saying.joined(*gone)

    async def _sent(self, errand: Errand, before: Order, ask_first: bool) -> Said:
        intent, desk = errand.intent, errand.desk
        await keep_up(self._venue, desk, needed=intent.leg == "entry")
        stop = along(intent)
        report = await self._venue.order(intent.cloid) if ask_first else None
        if report is None:
            report = await self._placed(intent, stop, desk)
        after = before.answered(report, errand.at)
        guards = [await self._went_along(stop, report, errand)] if stop is not None else []
        for guard in followers(intent):
            guards.append(await self._followed(guard, after, errand, ask_first=ask_first))
        guarded = intent.followed and after.left <= 0 and all(stands for _, stands in guards)
        said = [errand.moved(before, after, risk_usd=_risk(intent, after), guarded=guarded)]
        if after.leg == "entry" and after.filled > 0:
            said.append(Said(writes=(tables.open_trade(after, errand.at),)))
        said += [told for told, _ in guards]
        if report.state in LIVE:
            said += await self._replaced(errand)
        return saying.joined(*said)

    async def _placed(self, intent: OrderIntent, stop: OrderIntent | None, desk: Desk) -> Report:
        try:
            return await self._venue.place(intent, desk.now, stop)
        except VenueSilent as silent:
            return Report(state="unknown", why=str(silent))

    async def _went_along(self, stop: OrderIntent, entry: Report, errand: Errand) -> Guarding:
        """Where the stop stands that was sent with its entry."""
        before = errand.order(stop)
        if is_told(before):
            return NOTHING, before.rests
        after = before.answered(await self._told_of(stop, entry), errand.at)
        return errand.moved(before, after), after.rests

    async def _told_of(self, stop: OrderIntent, entry: Report) -> Report:
        if entry.state == "rejected":
            return Report(state="cancelled", why="its entry was refused")
        if entry.state == "unknown":
            return Report(state="unknown", why=entry.why)
        try:
            told = await self._venue.order(stop.cloid)
        except VenueSilent as silent:
            return Report(state="unknown", why=str(silent))
        return told or Report(state="unknown", why="the venue does not show it")

    async def _followed(
        self, guard: OrderIntent, entry: Order, errand: Errand, *, ask_first: bool = False, late: bool = False
    ) -> Guarding:
        """Where a guard stands that is sent once its entry is filled whole.

        It is not sent where it does not fit, nor `late`, when the entry's fill has been told: what is missing
        is asked for anew.
        """
        before = errand.order(guard)
        if is_told(before):
            return NOTHING, before.rests
        try:
            report = await self._venue.order(guard.cloid) if ask_first or late else None
            if report is None and entry.left <= 0 and not late:
                report = await self._venue.place(guard, errand.desk.now)
        except VenueSilent as silent:
            report = Report(state="unknown", why=str(silent))
        except Refused as refused:  # of the entry must be told all the same
            report = Report(state="rejected", why=str(refused))
        if report is not None:
            after = before.answered(report, errand.at)
        else:
            why = "it came too late" if late else "its entry was not filled whole"
            after = before.moved("cancelled", errand.at, why=why)
        return errand.moved(before, after), after.rests

    async def _replaced(self, errand: Errand) -> list[Said]:
        """The new one stands; only now may those that it replaces go."""
        known = [errand.books.get(cloid) for cloid in errand.intent.replaces]
        by, at, now = errand.intent.cloid, errand.at, errand.desk.now
        olds = [old for old in known if old is not None and not old.is_over]
        return [await withdrawn(self._venue, old, by, at, now) for old in olds]


async def _flattened(intent: OrderIntent, strand: Strand, desk: Desk) -> str | None:
    """What was asked for before a person flattened, and could not be sent until then, is not wanted now."""
    for told in await desk.board.latest("flatten", limit=FLATTENED):
        body = told.body
        if isinstance(body, Flatten) and told.seq > strand.seq and body.symbol in (None, intent.symbol):
            return f"flattened: {body.reason}"
    return None


def _risk(intent: OrderIntent, after: Order) -> Decimal:
    """What is lost if the stop fills at its price, for what was really filled."""
    if intent.leg != "entry" or after.average_price is None or intent.stop is None:
        return intent.risk_usd
    distance = (
        after.average_price - intent.stop if intent.side == "buy" else intent.stop - after.average_price
    )
    return after.filled * max(distance, ZERO)
