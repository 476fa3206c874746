"""trader.tracker: follows every order to its end, knows what is held, and closes each trade once."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from decimal import Decimal

from strandloom.basics.errors import Retryable
from strandloom.basics.ids import unix_ms
from strandloom.basics.quick import changed
from strandloom.blackboard.desk import Ahead, Desk
from strandloom.blackboard.strand import NOTHING, Draft, Said, Strand
from strandloom.kinds.attention import Attention
from strandloom.kinds.fill import Fill
from strandloom.kinds.heartbeat import Heartbeat
from strandloom.kinds.order import OrderStatus
from strandloom.kinds.position import Held, PositionTracking
from strandloom.teams.trader import executed, patience, picture, resting, silence, together
from strandloom.teams.trader.differing import Differences
from strandloom.teams.trader.excursion import excursion
from strandloom.teams.trader.foretelling import Foretelling
from strandloom.teams.trader.keep_up import keep_up
from strandloom.teams.trader.life import AT_THE_VENUE
from strandloom.teams.trader.news import is_news
from strandloom.teams.trader.order import Row
from strandloom.teams.trader.patience import Told
from strandloom.teams.trader.readiness import Readiness
from strandloom.teams.trader.round import Round
from strandloom.teams.trader.trade import Trade
from strandloom.venues.port import Balance, Foreseeing, Venue, VenueSilent

TRACKING = ("trader:position_tracking", "dm:position_tracking", "cil:position_tracking")
HOUR_MS = 3_600_000
STALE = timedelta(minutes=10)  # an intent that nobody has sent by then is looked into
ENDED_EARLY = ("cancelled", "rejected", "expired")  # which may have been filled in part


class Tracker:
    """Once a minute, after each fill, and when called: ask the venue, move the books, tell what is new.

    The first look of a process is the recovery: it is the same look, and never a short one.
    """

    name = "trader.tracker"
    reads = (
        "market:heartbeat",
        "trader:attention",
        *(f"trader:order_status:{state}" for state in ("unknown", "partly_filled", "filled", *ENDED_EARLY)),
    )

    def __init__(self, venue: Venue, readiness: Readiness, foretell: Foretelling) -> None:
        self._venue = venue
        self._foretell = foretell
        self._foreseeing = venue if isinstance(venue, Foreseeing) else None
        self._readiness = readiness
        self._idle_in: int | None = None  # the hour in which was seen that there is nothing
        self._told: Told | None = None  # for `wakes` alone: in a replay nobody else tells it
        self._differences = Differences(venue)

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
        """When the venue or the clock brings something; while nothing is open, only the clock does."""
        if not self._readiness.recovered or self._differences.pending:
            return ahead.first
        order_rows = await desk.tables.look("order.live")  # with those of open trades, over or not
        if order_rows:
            return patience.busy_until(self._foreseeing, ahead, self._told, order_rows)
        if self._idle_in is None:
            return ahead.first
        unexplained = self._drifted(await desk.tables.look("ledger.unexplained"))
        return patience.idle_until(ahead, self._told, unexplained)

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
        (books,) = await desk.tables.look("trader.books")
        called = isinstance(strand.body, Attention) or not self._readiness.recovered
        hour = unix_ms(strand.at) // HOUR_MS
        idle = not (books["orders"] or books["trades"] or called or self._differences.pending)
        if idle and self._idle_in == hour:
            return NOTHING
        round_ = Round(self._venue, strand.at, books["orders"], books["trades"])
        balance = await self._venue.balance()
        answering = silence.answering(self._venue, balance)
        fills = await executed.book(answering, round_, books["read"], recovered=self._readiness.recovered)
        await self._follow_orders(round_, balance, fills, called=called, desk=desk)
        if fills:
            await executed.follow(self._venue, round_, fills, desk)
        await resting.entries(round_, desk)
        await self._closings(round_, balance, desk)
        if round_.drafts:
            balance = await self._venue.balance()
        trades = round_.trades()
        held = await self._positions(trades, balance, strand)
        sure = not self._readiness.recovered
        differ = await self._differences.look(round_, balance, desk, sure=sure, called=called)
        body = picture.tracking(
            self._venue,
            balance,
            held,
            coming=picture.coming(trades),
            correlated_usd=_correlated_usd(balance, desk),
            in_doubt=_in_doubt(round_) | self._unheard(round_, balance),
            unexplained=self._drifted(books["unexplained"]) | set(differ),
        )
        await self._tell(body, round_, strand, desk)
        self._readiness.recovered = True
        ended = self._foreseeing is not None and not (trades or round_.standing())
        self._idle_in = hour if idle or ended else None
        said = round_.said() if round_.drafts or round_.writes else NOTHING
        return await self._foretell(said, desk)

    def _unheard(self, round_: Round, balance: Balance) -> set[str]:
        """Where an account that is silent may hold or trade something."""
        if not balance.silent:
            return set()
        return silence.symbols(self._venue, balance, [*round_.orders.values(), *round_.trades()])

    def _drifted(self, rows: Sequence[Row]) -> set[str]:
        """Where the books of an account differ from it."""
        names = {account.name for account in self._venue.accounts} if rows else ()
        return {row["symbol"] for row in rows if row["venue"] in names}

    async def _follow_orders(
        self, round_: Round, balance: Balance, fills: Sequence[Fill], *, called: bool, desk: Desk
    ) -> None:
        """Those that fills name are asked for, and every one unless the venue has as many as we know."""
        known = list(round_.orders.values())
        if balance.silent:
            known = [one for one in known if not silence.is_silent(self._venue, one.venue, balance)]
        live = [order for order in known if order.state in AT_THE_VENUE]
        doubtful = called or balance.open_orders != len(live)
        filled = {fill.cloid for fill in fills}
        for order in live:
            if doubtful or order.cloid in filled:
                await round_.ask(order)
        for order in known:
            stale = order.state in ("intended", "sent") and desk.now - order.at > STALE
            if order.state == "unknown" or stale:
                await round_.resolve(order)

    async def _closings(self, round_: Round, balance: Balance, desk: Desk) -> None:
        """A trade that is flat is closed."""
        for trade in round_.trades():
            if trade.flat and not silence.is_silent(self._venue, trade.venue, balance):
                self._excursions((trade,), round_, desk)
                await round_.close(trade)

    async def _positions(self, trades: Iterable[Trade], balance: Balance, strand: Strand) -> list[Held]:
        """What is held."""
        found = []
        for trade in trades:
            funding = Decimal(0)
            if not silence.is_silent(self._venue, trade.venue, balance):
                account = self._venue.account_of(trade.venue)
                funding = await account.funding_usd(trade.symbol, trade.opened_at, strand.at)
            found.append(picture.held(trade, balance, funding))
        return found

    def _excursions(self, trades: Iterable[Trade], round_: Round, desk: Desk) -> bool:
        """The worst and the best price are written down when a position is told of or over; any new ones?"""
        try:
            market = desk.market
        except Retryable:
            return False  # without bars there is nothing to see
        found = [(trade, further) for trade in trades if (further := excursion(trade, market, desk.now))]
        for trade, further in found:
            round_.mark(trade, *further)
        return bool(found)

    async def _tell(self, body: PositionTracking, round_: Round, strand: Strand, desk: Desk) -> None:
        told = await desk.board.latest("position_tracking")
        if not is_news(told[0] if told else None, body, strand.at):
            return
        trades = round_.trades()
        if trades and self._excursions(trades, round_, desk):
            both = zip(body.held, round_.trades(), strict=True)
            held = tuple(changed(one, worst=trade.worst, best=trade.best) for one, trade in both)
            body = changed(body, held=held)
        round_.drafts.append(Draft(body=body, tags=TRACKING))
        self._told = Told(body, strand.at)

    async def _unhealthy(self, why: str, strand: Strand, desk: Desk) -> Said:
        """The venue does not answer: say so once; nothing is opened until it does."""
        told = await desk.board.latest("position_tracking")
        last = told[0].body if told else None
        if not isinstance(last, PositionTracking) or not last.venue_healthy:
            return NOTHING
        return Said(drafts=(Draft(body=changed(last, venue_healthy=False), tags=TRACKING),))


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
    return body.state == "unknown" or bool(body.filled)


def _in_doubt(round_: Round) -> set[str]:
    return {order.symbol for order in round_.orders.values() if order.state == "unknown"}
