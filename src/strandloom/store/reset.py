"""Empties a database: everything in the schema `public` goes, then the migrations run again."""

from strandloom.basics.errors import CannotStart
from strandloom.store import migrations
from strandloom.store.database import Database
from strandloom.store.failures import Conflict


async def reset(database: Database) -> list[str]:
    """Drop and make anew; returns the migrations that were applied."""
    try:
        await _empty(database)
    except Conflict as error:
        raise CannotStart("the database is in use; stop every Strandloom on it, then reset again") from error
    return await migrations.migrate(database)


async def _empty(database: Database) -> None:
    versions = [step.version for step in migrations.load()]
    async with database.transaction() as tx:
        await tx.execute("store.impatient")
        where = await tx.fetchrow("migrations.ledgers")
        if where and where["supabase"]:
            await tx.execute("store.forget_supabase", versions)
        for name in ("drop_ours", "create_public", "open_public"):
            await tx.execute(f"store.{name}")
