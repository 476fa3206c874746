"""`strandloom db`: the database's schema, its address, and a prompt on it."""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Annotated

import typer

from strandloom.basics.errors import BadInput
from strandloom.cli import ending, given, show
from strandloom.store import migrations, shell
from strandloom.store.database import Database
from strandloom.store.embedded import EmbeddedPostgres
from strandloom.store.reset import reset as emptied

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.callback()
def db() -> None:
    """Look after the database: its schema, its address, a SQL prompt.

    Without DATABASE_URL this is the built-in PostgreSQL, started for the command when nothing else runs it.
    """


@app.command()
def migrate(as_json: show.AsJson = False) -> None:
    """Bring the schema up to date.  Starting the service does the same."""
    applied = asyncio.run(_migrate())
    show.table([{"applied": file} for file in applied], as_json=as_json, empty="the schema is up to date")


@app.command()
def status(as_json: show.AsJson = False) -> None:
    """Show the server and every migration.  Exit code 1 when the schema is not up to date."""
    about, found = asyncio.run(_status())
    steps = [{"migration": entry.file, "state": entry.state} for entry in found]
    if as_json:
        show.record({**about, "migrations": steps}, as_json=True)
    else:
        show.record(about, as_json=False)
        show.table(steps, as_json=False, empty="no migrations")
    if any(entry.state != "applied" for entry in found):
        raise typer.Exit(ending.ANSWER_IS_NO)


@app.command()
def reset(
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: show.AsJson = False,
) -> None:
    """Delete every table in the schema `public`, with all data, and make the schema anew."""
    if given.settings().strandloom_env == "prod":
        raise BadInput("with STRANDLOOM_ENV=prod nothing is reset; set it to dev for this call to insist")
    if not yes and not sys.stdin.isatty():
        raise BadInput("reset deletes all data; add --yes to say that you mean it")
    applied = asyncio.run(_reset(ask=not yes))
    show.table([{"applied": file} for file in applied], as_json=as_json)


@app.command("shell", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def prompt(context: typer.Context) -> None:
    """Open a SQL prompt (psql); what follows is handed to it, for example: -c 'select 1'."""
    with _address() as address:
        raise typer.Exit(shell.run(address, context.args, built_in=_given_url() is None))


@app.command()
def url() -> None:
    """Print the address for other programs, with its password.

    The built-in database answers there for as long as the service, or any other command, keeps it running.
    """
    with _address() as address:
        sys.stdout.write(address + "\n")  # as it is: masked it would be of no use


@asynccontextmanager
async def _opened() -> AsyncIterator[Database]:
    settings = given.settings()
    database = await Database.open(_given_url(), data_dir=settings.data_dir, name="strandloom db")
    try:
        yield database
    finally:
        await database.close()


@contextmanager
def _address() -> Iterator[str]:
    """The address of a database that answers, for as long as the block lasts."""
    url = _given_url()
    if url is not None:
        asyncio.run(_tried())
        yield url
        return
    server = EmbeddedPostgres(given.settings().data_dir)
    server.start()
    try:
        yield server.url()
    finally:
        server.stop()


def _given_url() -> str | None:
    given_url = given.settings().database_url
    return given_url.get_secret_value() if given_url else None


async def _tried() -> None:
    async with _opened():
        pass


async def _migrate() -> list[str]:
    async with _opened() as database:
        return await migrations.migrate(database)


async def _status() -> tuple[dict[str, object], list[migrations.Status]]:
    async with _opened() as database:
        about = await database.fetchrow("store.about")
        facts = {"url": database.shown, "built_in": database.server is not None, "pooler": database.pooled}
        return {**facts, **dict(about or {})}, await migrations.status(database)


async def _reset(*, ask: bool) -> list[str]:
    async with _opened() as database:
        if ask:
            typer.confirm(f"Delete all data in {database.shown}?", abort=True)
        return await emptied(database)
