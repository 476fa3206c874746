"""The composition root: the one place that chooses implementations and puts the service together."""

import os
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

import httpx
from loguru import logger

from strandloom import roster
from strandloom.basics.clock import SystemClock
from strandloom.basics.errors import CannotStart
from strandloom.blackboard.board import Board
from strandloom.blackboard.desk import desks
from strandloom.blackboard.postgres import postgres_board
from strandloom.blackboard.runner import Runner
from strandloom.blackboard.supabase import supabase_board
from strandloom.blackboard.waking import Waking
from strandloom.exchange.keep.database_tape import DatabaseTape
from strandloom.exchange.keep.kept import KeptEngine
from strandloom.exchange.rules import Rules
from strandloom.learning.evidence import restore
from strandloom.market import audit as _market_checks  # noqa: F401 - registers what must hold of the market
from strandloom.market import minute as minutes
from strandloom.market.pump import nothing
from strandloom.market.running import Running, drained
from strandloom.market.source import Source, source
from strandloom.market.store import BarStore
from strandloom.market.window import Window
from strandloom.risk.watch import LimitsInForce
from strandloom.scoring.costs import cost_model
from strandloom.service import Part, Service
from strandloom.settings import Settings
from strandloom.store import migrations
from strandloom.store.database import Database
from strandloom.store.limits import Limits
from strandloom.venues.paper import PaperVenue

_HTTP_S = 30.0


@asynccontextmanager
async def store(settings: Settings) -> AsyncIterator[Database]:
    """The database that the settings name, brought to the newest schema; closed at the end."""
    url = settings.database_url.get_secret_value() if settings.database_url else None
    limits = Limits(connections=settings.database_connections)
    database = await Database.open(url, data_dir=settings.data_dir, limits=limits)
    try:
        applied = await migrations.migrate(database)
        if applied:
            logger.info("schema_brought_up_to_date", migrations=len(applied), newest=applied[-1])
        yield database
    finally:
        await database.close()


@asynccontextmanager
async def board(settings: Settings) -> AsyncIterator[Board]:
    """The blackboard that the settings name: in the database, or behind a Supabase project's HTTPS."""
    if settings.supabase_url and not settings.database_url:
        if settings.supabase_service_key is None:
            raise CannotStart("SUPABASE_URL is set without SUPABASE_SERVICE_KEY; set both, or DATABASE_URL")
        key = settings.supabase_service_key.get_secret_value()
        async with httpx.AsyncClient(timeout=_HTTP_S) as http:
            yield await supabase_board(settings.supabase_url, key, SystemClock(), http=http)
        return
    async with store(settings) as database:
        yield postgres_board(database, SystemClock())


@asynccontextmanager
async def service(settings: Settings) -> AsyncIterator[Service]:
    """The service with every part that the settings ask for, opened and ready to run."""
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(store(settings))
        bars = BarStore(database)
        market = await stack.enter_async_context(source(settings, settings.feed, bars))
        wall = SystemClock()
        board = postgres_board(database, wall)
        window = Window(market.symbols)
        book = roster.book()
        await restore(book, board)
        venue = await _paper(database, settings)
        costs = cost_model(settings.cost_model)
        seats = roster.seats(book, venue, LimitsInForce(settings.risk_file), costs)
        waking = Waking(database, board.floors, wall)
        runner = Runner(seats, board, desks(board, window.at), waking, wall, holder=_holder())
        follow = nothing if settings.market_speed else drained(board.queues, wall)
        running = Running(market, bars, board, window, settings, follow=follow)
        since = await running.prepare()
        parts = [
            Part(name="market", run=running.beat),
            Part(name="tidying", run=running.tidy),
            Part(name="waking", run=waking.run),
            Part(name="network", run=runner.run),
        ]
        facts = {
            "database": _where(database),
            **_facts(market, since),
            "network": f"{len(seats)} modules listen",
            "trading": f"on paper with {settings.paper_cash_usd} USD at the built-in exchange; no real money",
        }
        yield Service(parts=parts, facts=facts)


async def _paper(database: Database, settings: Settings) -> PaperVenue:
    """The built-in exchange in this process, kept in the database: a restart finds it as it was."""
    tape = await DatabaseTape.open(database, "paper")
    return PaperVenue(KeptEngine(tape, Rules()), settings.paper_cash_usd, tape.stored)


def _facts(market: Source, since: int) -> Mapping[str, str]:
    return {
        "market": f"{market.about}; {', '.join(market.symbols)}",
        "market time": f"goes on at {minutes.opens(since):%Y-%m-%d %H:%M} UTC",
    }


def _holder() -> str:
    """Who holds a delivery: this process on this machine."""
    return f"{socket.gethostname()}:{os.getpid()}"


def _where(database: Database) -> str:
    if database.server is None:
        return f"PostgreSQL at {database.shown}"
    return f"PostgreSQL 18, built in; its data is in {database.server.folder}"
