"""What each role runs: the pump, the built-in exchange, or a team's modules under the lease of the role."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial

from strandloom import roster
from strandloom.basics.clock import Clock
from strandloom.blackboard.desk import desks
from strandloom.blackboard.module import Seat
from strandloom.blackboard.runner import Runner
from strandloom.blackboard.sql_board import SqlBoard
from strandloom.blackboard.waker import Shared
from strandloom.blackboard.waking import Waking
from strandloom.jobs.driving import post as post_job
from strandloom.jobs.keeper import Keeping
from strandloom.jobs.timetable import Slot
from strandloom.learning.book import Book
from strandloom.learning.evidence import restore
from strandloom.llm.port import Writer
from strandloom.market.abreast import abreast
from strandloom.market.filling import Filling
from strandloom.market.pump import nothing
from strandloom.market.running import Running, drained
from strandloom.market.source import Source
from strandloom.market.store import BarStore
from strandloom.market.window import Window
from strandloom.risk.watch import LimitsInForce
from strandloom.scoring.costs import cost_model
from strandloom.service import Part
from strandloom.service.invariants import Invariants
from strandloom.service.leases import Lease
from strandloom.service.roles import Role
from strandloom.service.telling import Telling
from strandloom.service.timings import Timings
from strandloom.settings import Settings
from strandloom.store.database import Database
from strandloom.teams.trader.readiness import Readiness
from strandloom.venues.elsewhere import Elsewhere
from strandloom.venues.port import Venue
from strandloom.venues.timed import Timed
from strandloom.wiring import venues
from strandloom.wiring.exchange import served
from strandloom.wiring.trading import beside


def paper_beside(settings: Settings) -> bool:
    """Does the Trader of this process trade on the exchange in the same process?"""
    return settings.venue == "paper" and "trader" in settings.teams


def needs(settings: Settings) -> Mapping[str, str]:
    """Where the Trader trades on the exchange beside it, that comes first."""
    return {"trader": "exchange"} if paper_beside(settings) else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Desktop:
    """What the roles of one process share."""

    settings: Settings
    database: Database
    board: SqlBoard
    market: Source
    window: Window
    filling: Filling
    waking: Waking
    ears: Shared
    wall: Clock
    writer: Writer
    venue: Elsewhere  # what the others know of the Trader's venue
    timings: Timings = field(default_factory=Timings)

    def seats(
        self,
        venue: Venue | None = None,
        book: Book | None = None,
        readiness: Readiness | None = None,
    ) -> Sequence[Seat]:
        """The whole roster; each role takes its share, and only the Trader's asks for a venue."""
        settings = self.settings
        keeping = Keeping(
            strands_days=settings.strands_keep_days,
            bars_pack_after_days=settings.bars_pack_after_days,
            bars_days=settings.bars_keep_days,
        )
        limits, costs = LimitsInForce(settings.risk_file), cost_model(settings.cost_model)
        return roster.seats(
            book or roster.book(),
            venue or self.venue,
            limits,
            costs,
            writer=self.writer,
            keeping=keeping,
            reconcile_usd=settings.reconcile_threshold_usd,
            readiness=readiness,
            now=self.market.clock.now,
        )

    def at_work(self, lease: Lease, seats: Sequence[Seat]) -> Sequence[Part]:
        """The modules of a role, at work under its lease."""
        own = [abreast(seat, self.filling) for seat in roster.seats_of([lease.role], seats)]
        if not own:
            return ()
        lay = desks(self.board, self.window.at)
        runner = Runner(
            own,
            self.board,
            lay,
            self.ears.ear(),
            self.wall,
            holder=lease.holder,
            observe=self.timings.handled,
        )
        return (Part(name=f"{lease.role} modules", run=runner.run),)


Opening = Callable[[Desktop, Lease], AbstractAsyncContextManager[Sequence[Part]]]


@asynccontextmanager
async def _market(desktop: Desktop, lease: Lease) -> AsyncIterator[Sequence[Part]]:
    """The heartbeat, and the keeper of what it leaves behind."""
    follow = nothing if desktop.settings.market_speed else drained(desktop.board.queues, desktop.wall)
    bars = BarStore(desktop.database)
    running = Running(
        desktop.market,
        bars,
        desktop.board,
        desktop.filling,
        desktop.settings,
        follow=follow,
        guards=[lease.guard()],
    )
    await running.prepare()
    yield [Part(name="heartbeat", run=running.beat), *desktop.at_work(lease, desktop.seats())]


@asynccontextmanager
async def _exchange(desktop: Desktop, lease: Lease) -> AsyncIterator[Sequence[Part]]:
    """Served to a Trader elsewhere; beside one it is only held, as the Trader opens it itself."""
    if paper_beside(desktop.settings):
        yield []
        return
    wall, market = desktop.wall, desktop.market
    async with served(desktop.settings, desktop.database, market, desktop.window, wall) as parts:
        yield parts


@asynccontextmanager
async def _raw_data(desktop: Desktop, lease: Lease) -> AsyncIterator[Sequence[Part]]:
    """The team and the evidence that it reads: one book, filled from the tables."""
    book = roster.book()
    await restore(book, desktop.board)
    yield desktop.at_work(lease, desktop.seats(book=book))


@asynccontextmanager
async def _trader(desktop: Desktop, lease: Lease) -> AsyncIterator[Sequence[Part]]:
    """The team and its venue, found as it was."""
    readiness, settings = Readiness(began=desktop.wall.wall()), desktop.settings
    async with AsyncExitStack() as stack:
        opening = venues.venue(settings, desktop.database, desktop.market.symbols, desktop.wall)
        opened = await stack.enter_async_context(opening)
        venue = Timed(opened.venue, desktop.timings.called)
        if (at := desktop.window.closed_at()) is not None:
            await post_job(desktop.board, Slot(at, "reconcile"), lease.holder)  # starting is recovering
        at_work = desktop.at_work(lease, desktop.seats(venue, readiness=readiness))
        watching = beside(
            desktop.board,
            desktop.market,
            desktop.window,
            venue,
            settings.repair_every_s,
            lease,
            readiness,
            opened.feed,
        )
        telling = Part(name="telling", run=Telling(desktop.board, desktop.wall).run)
        invariants = Invariants(desktop.database, desktop.board, desktop.market.clock)
        checking = Part(name="invariants", run=invariants.run)
        watched = await stack.enter_async_context(watching)
        yield [*at_work, *opened.parts, *watched, telling, checking]


@asynccontextmanager
async def _team(desktop: Desktop, lease: Lease) -> AsyncIterator[Sequence[Part]]:
    """A team that needs nothing but the board and the window."""
    yield desktop.at_work(lease, desktop.seats())


OPENINGS: Mapping[str, Opening] = {
    "market": _market,
    "exchange": _exchange,
    "raw_data": _raw_data,
    "cil": _team,
    "decision_maker": _team,
    "trader": _trader,
}


def roles(desktop: Desktop) -> Sequence[Role]:
    """The roles that this process may lead."""
    return [Role(name=name, open=partial(OPENINGS[name], desktop)) for name in desktop.settings.teams]
