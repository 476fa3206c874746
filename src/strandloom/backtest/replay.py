"""Drives a network through the minutes of a panel, as the pump of the service would."""

from collections.abc import Callable

from strandloom.backtest.account import Account
from strandloom.backtest.network import Network, network
from strandloom.backtest.result import Result
from strandloom.backtest.terms import Roster, Terms
from strandloom.backtest.timetable import Slots
from strandloom.basics.errors import BadInput
from strandloom.basics.garbage import KEEPING, seldom_collected
from strandloom.jobs import posting
from strandloom.learning.book import Book
from strandloom.market import beat
from strandloom.market import minute as minutes
from strandloom.market.beat import Beat
from strandloom.market.panel import Panel
from strandloom.market.replay import Beats

Told = Callable[[int], None]
"""Hears how many more minutes are done."""

HOLDER = "backtest"


def _nobody(done: int) -> None:
    """Nobody watches."""


async def replay(
    roster: Roster, market: Panel, terms: Terms, *, book: Book | None = None, told: Told = _nobody
) -> Result:
    """Every minute from `terms.start` up to, not including, `terms.stop`."""
    traded = market.between(terms.start, terms.stop)
    if not traded.minutes or not traded.known.any():
        raise BadInput(
            "there are no bars between --from and --to; `strandloom data list` shows what there is"
        )
    run = network(roster, market, terms, book)
    account = Account(run.venue)
    with seldom_collected(KEEPING):  # strands stay to the end, and none refers to itself
        await _Drive(run, traded, account, told).go()
    return Result(
        terms=terms,
        market=traded,
        board=run.board,
        book=run.book,
        venue=run.venue,
        fills=account.fills,
        fundings=account.fundings,
    )


class _Drive:
    """Goes from one minute in which there is something to do to the next."""

    def __init__(self, run: Network, traded: Panel, account: Account, told: Told) -> None:
        self._run = run
        self._feed = traded.venue
        self._start, self._stop = traded.start, traded.stop
        self._beats = Beats(traded)
        self._slots = Slots(minutes.opens(traded.start), run.readers.hear)
        self._account = account
        self._told = told

    async def go(self) -> None:
        minute, looked = self._start, self._start
        while minute < self._stop:
            await self._minute(minute)
            if minute - looked >= minutes.DAY_MINUTES:
                await self._account.look()
                self._told(minute - looked)
                looked = minute
            minute = self._next(minute + 1)
        await self._run.venue.follow(self._run.history.view(self._stop - 1))
        await self._account.look()
        self._told(self._stop - looked)

    def _next(self, first: int) -> int:
        """The next minute that has a reader, a note or a slot of the timetable."""
        if first >= self._stop:
            return self._stop
        slot = minutes.of(self._slots.next_at) - 1
        return min(self._stop, max(first, min(self._run.readers.wakes_at, slot, self._beats.special(first))))

    async def _minute(self, minute: int) -> None:
        run, before = self._run, self._run.board.settled
        run.now.at = minutes.closes(minute)
        special = self._beats.special(minute) == minute
        if special or run.readers.wakes_at <= minute:
            await self._beat(self._beats.at(minute), everyone=special)
        await self._jobs()
        coming = run.history.ahead(minute + 1, self._stop)
        await run.readers.ask(coming, run.desk(), everyone=run.board.settled != before)

    async def _beat(self, each: Beat, *, everyone: bool) -> None:
        """What the pump of the service posts, and then everything that it causes."""
        board = self._run.board
        drafts = [beat.draft(each.minute, each.body), *map(beat.note_draft, each.notes)]
        board.post(drafts, beat.cause(self._feed, each.minute))
        board.pass_over(self._run.readers.passing(each.minute, everyone=everyone))
        await board.drain()

    async def _jobs(self) -> None:
        """What the timetable asks for, when everything about the minute has been said."""
        board = self._run.board
        for slot in self._slots.until(self._run.now.at):
            board.post([posting.draft(slot)], posting.cause(slot), [posting.run(slot, HOLDER)])
            await board.drain()
