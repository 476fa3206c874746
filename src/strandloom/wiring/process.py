"""One process of the service: database, window and a share of the roles, opened as they become ours."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from functools import partial

from strandloom import roster
from strandloom.basics.clock import SystemClock
from strandloom.basics.errors import CannotStart
from strandloom.basics.garbage import tidy
from strandloom.blackboard.postgres import postgres_board
from strandloom.blackboard.runner import subscription
from strandloom.blackboard.waker import Shared
from strandloom.blackboard.waking import Waking
from strandloom.jobs.driving import Driving
from strandloom.llm import opening as llm
from strandloom.llm.port import Writer
from strandloom.market import minute as minutes
from strandloom.market.filling import Filling
from strandloom.market.source import Source, source
from strandloom.market.store import BarStore
from strandloom.market.window import Window
from strandloom.service import Part, Service
from strandloom.service import me as liveness
from strandloom.service.leases import Leases
from strandloom.service.me import Me
from strandloom.service.roles import lead
from strandloom.settings import Settings
from strandloom.store.database import Database
from strandloom.venues.elsewhere import Elsewhere
from strandloom.wiring.patience import patiently
from strandloom.wiring.roles import Desktop, needs, paper_beside, roles
from strandloom.wiring.stores import store
from strandloom.wiring.venues import about, elsewhere


def service(settings: Settings) -> AbstractAsyncContextManager[Service]:
    """The service with every part that the settings ask for, opened and ready to run, once that can be."""
    _check(settings)
    return patiently(partial(_opened, settings), settings.start_patience_s, SystemClock())


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[Service]:
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(store(settings))
        market = await stack.enter_async_context(source(settings, settings.feed, BarStore(database)))
        writer = await stack.enter_async_context(llm.writer(settings, database, SystemClock()))
        desktop = _desktop(settings, database, market, writer, await elsewhere(settings))
        me = Me.now()
        leases = Leases(database, desktop.wall, me, settings.teams, needs=needs(settings))
        stack.push_async_callback(leases.give_back)
        seats = roster.seats_of(settings.teams, desktop.seats())
        await desktop.board.subscribe([subscription(seat) for seat in seats])
        await desktop.filling.catch_up()
        waking, timetable, timings = desktop.waking, _timetable(desktop, me), desktop.timings
        parts = [
            Part(name="leases", run=leases.run),
            Part(name="waking", run=waking.run),
            Part(name="ears", run=desktop.ears.run),
            Part(name="window", run=desktop.filling.follow),
            Part(name="timetable", run=timetable.run),
            Part(name="memory", run=partial(tidy, desktop.wall)),
            *(Part(name=role.name, run=partial(lead, role, leases, timings.led)) for role in roles(desktop)),
        ]
        facts = await _facts(desktop, me, len(seats))
        yield Service(
            parts=parts,
            facts=facts,
            next_steps=_next_steps(settings),
            timings=timings,
            database=database,
        )


def _desktop(
    settings: Settings, database: Database, market: Source, writer: Writer, venue: Elsewhere
) -> Desktop:
    wall = SystemClock()
    board = postgres_board(database, wall)
    window = Window(market.symbols)
    waking = Waking(database, board.floors, wall)
    filling = Filling(BarStore(database), market.feed.venue, window, market.clock)
    return Desktop(
        settings=settings,
        database=database,
        board=board,
        market=market,
        window=window,
        filling=filling,
        waking=waking,
        ears=Shared(waking),
        wall=wall,
        writer=writer,
        venue=venue,
    )


def _timetable(desktop: Desktop, me: Me) -> Driving:
    return Driving(desktop.database, desktop.board, desktop.window.closed_at, desktop.wall, me.process)


def _check(settings: Settings) -> None:
    if paper_beside(settings) and "exchange" not in settings.teams:
        raise CannotStart(
            "a trader without the role exchange needs the exchange's address: set VENUE=hyperliquid and "
            "HYPERLIQUID_TRADING_URL, or put `exchange` into TEAMS, too"
        )


async def _facts(desktop: Desktop, me: Me, seats: int) -> Mapping[str, str]:
    settings, market = desktop.settings, desktop.market
    last = await BarStore(desktop.database).last_beat(market.feed.venue)
    goes_on = market.first if last is None else max(last + 1, market.earliest)
    return {
        "database": _where(desktop.database),
        "market": f"{market.about}; {', '.join(market.symbols)}",
        "market time": f"goes on at {minutes.opens(goes_on):%Y-%m-%d %H:%M} UTC",
        "network": f"{seats} modules listen",
        **_figures(settings),
        **_shares(settings.teams),
        **await _standby(desktop, me),
        "trading": about(settings),
        **_words(settings),
    }


def _figures(settings: Settings) -> Mapping[str, str]:
    """Of a port that is still to be found, only the log can tell."""
    if not settings.api_port:
        return {}
    return {"figures": f"http://{settings.api_host}:{settings.api_port}/metrics, /healthz and /readyz"}


def _next_steps(settings: Settings) -> Mapping[str, str]:
    """What a newcomer may want next; each is a setting, and .env.example explains it."""
    steps = {}
    if settings.feed != "hyperliquid":
        steps["live data"] = "FEED=hyperliquid follows the real market, still on paper, without a key"
    if settings.venue == "paper":
        steps["testnet"] = (
            "FEED=hyperliquid VENUE=hyperliquid HYPERLIQUID_KEY=… trades there, with play money"
        )
    if settings.database_url is None:
        steps["Supabase"] = "DATABASE_URL=postgresql://… keeps everything there, or in any PostgreSQL"
    return steps


def _words(settings: Settings) -> Mapping[str, str]:
    """Said only where a model writes: rules are the rule."""
    if settings.llm_model is None:
        return {}
    return {"words": f"by {settings.llm_model}, for at most {settings.llm_day_usd} USD a day; else by rules"}


def _shares(teams: Sequence[str]) -> Mapping[str, str]:
    if set(teams) == set(roster.ROLES):
        return {}
    return {"roles": f"{', '.join(teams)}; the others are for other processes over the same database"}


async def _standby(desktop: Desktop, me: Me) -> Mapping[str, str]:
    """Said where another process leads already what this one could."""
    beside = await desktop.database.fetchval("roles.neighbours", me.place, me.process)
    dead = liveness.dead([(one["process"], one["pid"], one["began"]) for one in beside])
    rows = await desktop.database.fetch("roles.leaders")
    mine = [row for row in rows if row["in_force"] and row["role"] in desktop.settings.teams]
    led = {row["role"]: row["process"] for row in mine if row["process"] not in dead}
    if not led:
        return {}
    by = ", ".join(sorted(set(led.values())))
    return {"stands by": f"for {', '.join(led)}, which {by} leads; takes over within seconds if that dies"}


def _where(database: Database) -> str:
    if database.server is None:
        return f"PostgreSQL at {database.shown}"
    return f"PostgreSQL 18, built in; its data is in {database.server.folder}"
