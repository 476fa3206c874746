"""The database and the blackboard that the settings name."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from loguru import logger

from strandloom.basics.clock import SystemClock
from strandloom.basics.errors import CannotStart
from strandloom.blackboard.board import Board
from strandloom.blackboard.postgres import postgres_board
from strandloom.blackboard.supabase import supabase_board
from strandloom.ledger import audit as _ledger_checks  # noqa: F401 - registers what must hold of the books
from strandloom.market import audit as _market_checks  # noqa: F401 - registers what must hold of the market
from strandloom.service import audit as _service_checks  # noqa: F401 - what must hold between teams
from strandloom.settings import Settings
from strandloom.store import migrations
from strandloom.store.database import Database
from strandloom.store.limits import Limits

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
