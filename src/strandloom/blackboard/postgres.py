"""The PostgreSQL board: the blackboard's SQL functions, called over asyncpg."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

import asyncpg
from pydantic_core import to_json

from strandloom.basics.clock import Clock
from strandloom.basics.errors import StrandloomError
from strandloom.blackboard.functions import CODES, Row, meaning
from strandloom.blackboard.sql_board import SqlBoard
from strandloom.store import failures
from strandloom.store.database import Database

_JSON = frozenset({"p_rows", "p_writes", "p_values", "p_subscriptions"})  # encoded here: quicker by half


class PostgresFunctions:
    """Each function is the named query `board.<name>` with the arguments in its order."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def rows(self, name: str, /, **arguments: Any) -> Sequence[Row]:
        found = await self._database.fetch(f"board.{name}", *_given(arguments))
        return cast("Sequence[Row]", found)  # a Record reads like a mapping

    async def value(self, name: str, /, **arguments: Any) -> Any:
        return await self._database.fetchval(f"board.{name}", *_given(arguments))


def postgres_board(database: Database, clock: Clock) -> SqlBoard:
    """The board in this database."""
    return SqlBoard(PostgresFunctions(database), clock)


def _given(arguments: Mapping[str, Any]) -> list[Any]:
    return [
        to_json(value, inf_nan_mode="constants").decode() if name in _JSON else value
        for name, value in arguments.items()
    ]


def _meaning(error: asyncpg.PostgresError) -> StrandloomError:
    return meaning(error.sqlstate or "", str(error.args[0]), getattr(error, "detail", None) or "")


for _code in CODES:
    failures.means(_code, _meaning)
