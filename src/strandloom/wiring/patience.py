"""Opening the service when what it needs is up: a database that recovers, a venue that is silent."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import timedelta
from random import Random
from typing import TypeVar

from loguru import logger

from strandloom.basics.clock import Clock
from strandloom.basics.errors import NotYet, Retryable
from strandloom.store.backoff import delays_s

T = TypeVar("T")


@asynccontextmanager
async def patiently(
    opening: Callable[[], AbstractAsyncContextManager[T]], patience_s: float, clock: Clock
) -> AsyncIterator[T]:
    """Open it, again and again while what it needs does not answer; what came too late is raised as it was.

    Each attempt is a whole one: what was opened is closed again, so that nothing half-done is left waiting.
    """
    until = clock.wall() + timedelta(seconds=patience_s)
    pauses_s = delays_s(Random())  # noqa: S311 - jitter
    told = ""
    async with AsyncExitStack() as stack:
        while True:
            try:
                opened = await stack.enter_async_context(opening())
                break
            except (NotYet, Retryable) as error:
                if clock.wall() >= until:
                    raise
                if str(error) != told:
                    told = str(error)
                    left_s = round((until - clock.wall()).total_seconds())
                    logger.warning("waiting_to_start", why=told, for_at_most_s=left_s)
            await clock.sleep(next(pauses_s))
        yield opened
