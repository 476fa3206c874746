"""Opens single connections: our codecs, our limits, one clear sentence when it fails."""

import json
import ssl
from dataclasses import dataclass
from typing import Any

import asyncpg
from pydantic_core import from_json

from strandloom.basics.errors import CannotStart, NotYet
from strandloom.store.address import Address
from strandloom.store.failures import LOST
from strandloom.store.limits import Limits
from strandloom.store.session import Connection

_OLDEST_SERVER = 15
_ADVICE = "check DATABASE_URL, or leave it empty for the built-in database"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How every connection of one database is opened."""

    limits: Limits
    name: str
    """What the server's lists of connections call us."""
    pooled: bool = False
    """Through a transaction pooler: no statement is kept, and no setting outlives its transaction."""

    def how(self) -> dict[str, Any]:
        """What asyncpg is told.  No limits yet: poolers refuse a connection that begins with settings."""
        return {
            "timeout": self.limits.connect_s,
            "command_timeout": self.limits.statement_s + self.limits.grace_s,
            "server_settings": {"application_name": self.name},
            **({"statement_cache_size": 0} if self.pooled else {}),
        }

    async def prepare(self, connection: Connection) -> None:
        """jsonb goes in and comes out as Python values; NaN, which JSON does not know, is refused."""
        await connection.set_type_codec("jsonb", encoder=_to_json, decoder=from_json, schema="pg_catalog")
        if not self.pooled:
            await connection.execute(self.limits.as_sql("session"))


async def first(address: Address, **how: Any) -> Connection:
    """Connect for the first time; what is wrong with the address shows here."""
    try:
        connection: Connection = await asyncpg.connect(address.url, **how)
    except (OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        kind = NotYet if _may_pass(error) else CannotStart
        raise kind(f"{_sentence(address, error)}; {_ADVICE}") from error
    major = connection.get_server_version().major
    if major < _OLDEST_SERVER:
        await connection.close()
        raise CannotStart(
            f"{address.masked} is PostgreSQL {major}; Strandloom needs {_OLDEST_SERVER} or newer"
        )
    return connection


def _may_pass(error: BaseException) -> bool:
    """Is the server only not up yet, or full?  A wrong password stays wrong."""
    match error:
        case ssl.SSLError() | PermissionError():
            return False
        case OSError() | asyncpg.TooManyConnectionsError():
            return True
    return isinstance(error, LOST)


def _to_json(value: object) -> str:
    return json.dumps(value, allow_nan=False, separators=(",", ":"))


def _sentence(address: Address, error: BaseException) -> str:
    where = address.masked
    match error:
        case TimeoutError():
            return f"the database at {where} did not answer in time"
        case asyncpg.InvalidPasswordError() | asyncpg.InvalidAuthorizationSpecificationError():
            return f"the database at {where} refused the user or the password ({error})"
        case asyncpg.InvalidCatalogNameError():
            return f"the server at {where} has no such database ({error})"
        case asyncpg.TooManyConnectionsError():
            return f"the database at {where} has no connection left ({error})"
        case ssl.SSLError():
            return f"no secure connection to the database at {where} ({error})"
        case asyncpg.CannotConnectNowError():
            return f"the database at {where} is not ready yet ({error})"
        case OSError():
            return f"the database at {where} cannot be reached ({error.strerror or error})"
        case ValueError() | asyncpg.ClientConfigurationError():
            return f"DATABASE_URL is malformed ({error})"
    return f"the database at {where} refused the connection ({error})"
