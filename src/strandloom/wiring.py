"""The composition root: the one place that chooses implementations and puts the service together."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from loguru import logger

from strandloom.service import Part, Service
from strandloom.settings import Settings
from strandloom.store import migrations
from strandloom.store.database import Database


@asynccontextmanager
async def store(settings: Settings) -> AsyncIterator[Database]:
    """The database that the settings name, brought to the newest schema; closed at the end."""
    url = settings.database_url.get_secret_value() if settings.database_url else None
    database = await Database.open(url, data_dir=settings.data_dir)
    try:
        applied = await migrations.migrate(database)
        if applied:
            logger.info("schema_brought_up_to_date", migrations=len(applied), newest=applied[-1])
        yield database
    finally:
        await database.close()


@asynccontextmanager
async def service(settings: Settings) -> AsyncIterator[Service]:
    """The service with every part that the settings ask for, opened and ready to run."""
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(store(settings))
        parts: list[Part] = []
        yield Service(parts=parts, facts={"database": _where(database)})


def _where(database: Database) -> str:
    if database.server is None:
        return f"PostgreSQL at {database.shown}"
    return f"PostgreSQL 18, built in; its data is in {database.server.folder}"
