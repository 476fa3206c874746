"""The upkeep: on a timer of its own, feed or no feed, the venue is compared with what should be there.

A part of the service.  It changes nothing itself: it posts a strand where something is to be done, and the
Trader's modules do it.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from loguru import logger

from strandloom.basics.clock import Clock
from strandloom.basics.errors import Retryable
from strandloom.blackboard.cause import root
from strandloom.blackboard.strand import Draft
from strandloom.kinds.attention import Attention, Reason
from strandloom.kinds.fill import OpenOrder
from strandloom.teams.trader import needs
from strandloom.teams.trader import order as orders
from strandloom.teams.trader import trade as trades
from strandloom.teams.trader.needs import Doubts, Need, Overruns
from strandloom.teams.trader.order import Order
from strandloom.teams.trader.readiness import Readiness
from strandloom.teams.trader.trade import Trade
from strandloom.teams.trader.watching import Watching
from strandloom.venues.port import LIVE, Account, Venue, VenueSilent

MODULE = "trader.upkeep"
FEW = 9  # at a venue, asking for one order costs a tenth of asking for all that rest
ALL_EVERY = timedelta(minutes=1)


class Upkeep:
    """`run` for as long as the service lives; `once` is one look."""

    def __init__(
        self, board: Watching, venue: Venue, clock: Clock, every_s: float, readiness: Readiness
    ) -> None:
        self._board = board
        self._venue = venue
        self._clock = clock
        self._every_s = every_s
        self._readiness = readiness
        self._overruns: dict[str, Overruns] = defaultdict(Overruns)  # by account
        self._doubts = Doubts()
        self._before: set[Need] = set()
        self._asked_at: dict[str, datetime] = {}  # by account: when all that rests was asked for

    async def run(self) -> None:
        """One look after the other."""
        while True:
            try:
                await self.once()
            except Retryable as error:
                logger.warning("venue_not_compared", venue=self._venue.name, error=str(error))
            await self._clock.sleep(self._every_s)

    async def once(self) -> None:
        """Compare, and post what is to be done.

        A process calls for recovery until it has had it: another Trader may have answered the first call.
        """
        if not self._readiness.recovered:
            await self.tell([Need("start", "", "the service has started")])
        known = [orders.from_row(row) for row in await self._board.look("order.live")]
        rows = await self._board.look("trade.open")
        if not (known or rows):
            self._before = set()
            return
        open_trades = [trades.of(row, [o for o in known if str(o.trade) == row["decision"]]) for row in rows]
        found = [*self._doubts.due(known, self._clock.wall()), *needs.overdue(known, self._clock.now())]
        found += await self._at_the_venue(open_trades, known)
        await self.tell(found)

    async def _at_the_venue(self, open_trades: Sequence[Trade], known: Sequence[Order]) -> list[Need]:
        """Each account by itself: one that is silent does not keep the others from being guarded."""
        seen: set[Need] = set()
        found: list[Need] = []
        for account in self._venue.accounts:
            mine = [trade for trade in open_trades if self._lies_with(account, trade.venue)]
            theirs = [order for order in known if self._lies_with(account, order.venue)]
            if mine or theirs:
                try:
                    here, overruns = await self._in(account, mine, theirs)
                except VenueSilent as silent:
                    logger.warning("account_not_compared", account=account.name, error=str(silent))
                    continue
                seen |= here
                found += overruns
        again, self._before = sorted(seen & self._before, key=str), seen
        return [*again, *found]

    async def _in(
        self, account: Account, mine: Sequence[Trade], theirs: Sequence[Order]
    ) -> tuple[set[Need], list[Need]]:
        positions = await account.positions()
        resting = await self._resting(account, [order for order in theirs if order.rests])
        seen = set(needs.repairs(mine, theirs, positions, resting))
        marks = {position.symbol: position.mark for position in positions}
        overruns = self._overruns[account.name].due(mine, positions, marks, self._clock.wall())
        return seen, overruns

    async def _resting(self, account: Account, expected: Sequence[Order]) -> Sequence[OpenOrder]:
        """What should rest is asked for by name; once a minute, or where it is many, all that rests."""
        wall = self._clock.wall()
        asked_at = self._asked_at.get(account.name)
        if len(expected) > FEW or asked_at is None or wall >= asked_at + ALL_EVERY:
            self._asked_at[account.name] = wall
            return await account.open_orders()
        reports = [(order, await account.order(order.cloid)) for order in expected]
        return [
            needs.shown(order, account.name)
            for order, report in reports
            if report is not None and report.state in LIVE
        ]

    def _lies_with(self, account: Account, name: str) -> bool:
        return self._venue.account_of(name).name == account.name

    async def tell(self, found: Sequence[Need]) -> None:
        """One strand per need and look; the same need a moment later is another call."""
        for need in found:
            await self._board.post([_draft(need)], root(MODULE, self._clock.now(), self._key(need)))

    def _key(self, need: Need) -> str:
        return f"{need.reason}:{need.symbol}:{need.trade}:{need.what}:{self._clock.wall().timestamp():.6f}"


def _draft(need: Need) -> Draft:
    body = Attention(reason=need.reason, symbol=need.symbol or None, trade=need.trade, what=(need.what,))
    return Draft(body=body, tags=tags(need.reason), symbol=need.symbol or None)


def tags(reason: Reason) -> tuple[str, ...]:
    """The tags of a call for attention."""
    return ("trader:attention", f"trader:attention:{reason}")
