"""Brings a database to the newest schema: numbered SQL files, each once, each whole or not at all."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Literal

import asyncpg

from strandloom.basics import paths
from strandloom.basics.errors import CannotStart, StrandloomError
from strandloom.store.database import Database
from strandloom.store.failures import Conflict, TooSlow, translated
from strandloom.store.session import Session

_NAME = re.compile(r"(?P<version>\d{14})_(?P<name>[a-z0-9_]+)\.sql")
_TURN_S = 600.0
_MIGRATION_S = 7200.0
State = Literal["applied", "pending", "edited", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """One file; its checksum does not mind line endings."""

    version: str
    name: str
    sql: str

    @property
    def file(self) -> str:
        """The name of its file."""
        return f"{self.version}_{self.name}.sql"

    @property
    def checksum(self) -> str:
        """What the ledger keeps, to notice an edit."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Where one migration stands in one database."""

    file: str
    state: State


@lru_cache
def load(folder: Path | None = None) -> tuple[Migration, ...]:
    """All migrations in their order."""
    folder = folder or paths.sql() / "migrations"
    steps = tuple(_read(file) for file in sorted(folder.glob("*.sql")))
    for before, step in pairwise(steps):
        if before.version == step.version:
            raise CannotStart(f"{before.file} and {step.file} have the same number; give one a later one")
    return steps


def _read(file: Path) -> Migration:
    match = _NAME.fullmatch(file.name)
    if match is None:
        raise CannotStart(f"{file} is not named like 20261101000000_what_it_does.sql")
    return Migration(version=match["version"], name=match["name"], sql=file.read_text(encoding="utf-8"))


async def migrate(database: Database, steps: Sequence[Migration] | None = None) -> list[str]:
    """Apply what is missing; returns the files that were applied.  Any number of processes may call it."""
    steps = load() if steps is None else steps
    recorded = await _recorded(database, steps)
    _refuse(compare(steps, recorded))
    return [step.file for step in steps if await _bring(database, step, recorded.get(step.version))]


async def status(database: Database, steps: Sequence[Migration] | None = None) -> list[Status]:
    """Every migration that the folder or the database knows."""
    steps = load() if steps is None else steps
    return compare(steps, await _recorded(database, steps))


def compare(steps: Sequence[Migration], recorded: dict[str, str]) -> list[Status]:
    """The folder against the ledger; an empty checksum was recorded by the Supabase CLI."""
    known = {step.version: Status(file=step.file, state=_state(step, recorded)) for step in steps}
    strange = {version: Status(file=version, state="unknown") for version in recorded if version not in known}
    return [entry for _, entry in sorted((known | strange).items())]


def _state(step: Migration, recorded: dict[str, str]) -> State:
    checksum = recorded.get(step.version)
    if checksum is None:
        return "pending"
    return "applied" if checksum in ("", step.checksum) else "edited"


def _refuse(found: Sequence[Status]) -> None:
    for entry in found:
        if entry.state == "edited":
            raise CannotStart(
                f"sql/migrations/{entry.file} was edited after this database had applied it; "
                "put it back as it was and make the change in a new migration"
            )
        if entry.state == "unknown":
            raise CannotStart(
                f"this database has migration {entry.file}, which this program does not know; "
                "update Strandloom, or use another database"
            )


async def _recorded(database: Database, steps: Sequence[Migration]) -> dict[str, str]:
    """The versions that the database has with their checksums; the Supabase CLI keeps none, and may have
    applied migrations of other projects."""
    ours = {(step.version, step.name) for step in steps}
    recorded: dict[str, str] = {}
    async with database.transaction(readonly=True) as tx:
        where = await tx.fetchrow("migrations.ledgers")
        if where and where["supabase"]:
            theirs = await tx.fetch("migrations.recorded_by_supabase")
            recorded |= {row["version"]: "" for row in theirs if (row["version"], row["name"]) in ours}
        if where and where["ours"]:
            recorded |= {row["version"]: row["checksum"] for row in await tx.fetch("migrations.recorded")}
    return recorded


async def _bring(database: Database, step: Migration, checksum: str | None) -> bool:
    """Apply one migration, or only record it when the Supabase CLI was there before; True when applied.

    Each has a transaction of its own, and asks again under the lock: another process may be faster.
    """
    if checksum:
        return False
    try:
        async with database.transaction() as tx:
            return await _bring_within(tx, step, only_record=checksum is not None)
    except asyncpg.InsufficientPrivilegeError as error:
        raise CannotStart(
            f"the user of {database.shown} may not make the schema: {error}; "
            "let the database's owner run `db migrate`, or use its address"
        ) from error


async def _bring_within(tx: Session, step: Migration, *, only_record: bool) -> bool:
    await _wait_for_turn(tx)
    await _make_ledger(tx)
    if await tx.fetchval("migrations.has", step.version):
        return False
    if not only_record:
        await _run(tx, step)
    await tx.execute("migrations.record", step.version, step.name, step.checksum)
    return not only_record


async def _wait_for_turn(tx: Session) -> None:
    """Until no other process migrates this database."""
    await tx.execute("migrations.unhurried")
    try:
        await tx.fetchval("migrations.one_at_a_time", timeout_s=_TURN_S)
    except (Conflict, TooSlow) as error:
        raise CannotStart(
            f"another process has been migrating this database for {_TURN_S:.0f} s; see what it does"
        ) from error


async def _make_ledger(tx: Session) -> None:
    for name in ("schema", "ledger", "protect_ledger"):
        await tx.execute(f"migrations.{name}")


async def _run(tx: Session, step: Migration) -> None:
    try:
        with translated(step.file):
            await tx.connection.execute(step.sql, timeout=_MIGRATION_S)
    except (asyncpg.PostgresError, StrandloomError) as error:
        raise CannotStart(f"sql/migrations/{step.file} failed and was rolled back: {error}") from error
