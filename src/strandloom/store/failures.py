"""What PostgreSQL's and the driver's errors mean to us, decided by code and type, never by wording."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

import asyncpg

from strandloom.basics.errors import BadInput, Retryable, StrandloomError

Translation = Callable[[asyncpg.PostgresError], StrandloomError]
_translations: dict[str, Translation] = {}

LOST: tuple[type[BaseException], ...] = (
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.InternalClientError,  # the server has said goodbye, but the socket is not closed yet
    ConnectionError,
)
_CONFLICTS = (
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.LockNotAvailableError,
)


class ConnectionLost(Retryable):
    """The connection broke; whether a write that was under way arrived is not known."""


class Busy(Retryable):
    """No connection came free in time."""


class TooSlow(Retryable):
    """A statement ran past its time limit and was cancelled."""


class Conflict(Retryable):
    """Another transaction was in the way; this one was rolled back whole."""


class OutOfRoom(Retryable):
    """The server has no disk, memory or connections left."""


def means(name: str, translation: Translation) -> None:
    """Say what breaking a constraint, or an SQLSTATE of our own functions, means in a room's words."""
    _translations[name] = translation


@contextlib.contextmanager
def translated(what: str) -> Iterator[None]:
    """Raise our errors for the driver's while `what` runs; what nobody expects stays as it is."""
    try:
        yield
    except LOST as error:
        if isinstance(error.__cause__, asyncpg.InsufficientResourcesError):
            raise _no_room(what, error.__cause__) from error
        raise ConnectionLost(f"the database connection broke during {what}: {error}") from error
    except asyncpg.InterfaceError as error:
        if "closed" not in str(error):
            raise
        raise ConnectionLost(f"the database connection was closed during {what}") from error
    except _CONFLICTS as error:
        raise Conflict(f"{what} met another transaction: {error}") from error
    except (asyncpg.QueryCanceledError, TimeoutError) as error:
        raise TooSlow(f"{what} ran past its time limit and was cancelled") from error
    except OSError as error:
        raise ConnectionLost(f"the database cannot be reached for {what}: {error}") from error
    except asyncpg.InsufficientResourcesError as error:
        raise _no_room(what, error) from error
    except asyncpg.DataError as error:
        if getattr(error, "severity", None) is not None:
            raise  # the server's: a fault in the statement
        raise BadInput(f"{what} was given a value that a database cannot hold: {error}") from error
    except asyncpg.PostgresError as error:
        raise _meaning(error) from error


def _no_room(what: str, error: BaseException) -> OutOfRoom:
    return OutOfRoom(f"the database has no room for {what}: {error}; free some and go on")


def _meaning(error: asyncpg.PostgresError) -> BaseException:
    constraint = getattr(error, "constraint_name", None) or ""
    translation = _translations.get(constraint) or _translations.get(error.sqlstate or "")
    return translation(error) if translation else error
