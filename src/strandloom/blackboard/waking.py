"""Hears who has news: one LISTEN connection per process, proven by a call to itself; polling when it is deaf.

NOTIFY only wakes, the table is the truth.  Behind a transaction pooler LISTEN is accepted and never fires,
and a half-open socket looks alive, so the only proof is a call of our own, sent through the work pool, that
comes back.  While it does not, all consumers are looked at again and again, ever more seldom while nothing
happens.
"""

import asyncio
from random import Random
from uuid import uuid4

from loguru import logger

from strandloom.basics.clock import Clock
from strandloom.basics.errors import Retryable
from strandloom.blackboard.floors import Floors
from strandloom.store.backoff import delays_s
from strandloom.store.database import Database
from strandloom.store.failures import translated
from strandloom.store.session import Connection

CHANNEL = "ad_wake"
PROVE_S = 10.0  # a call to ourselves is due this often
PROVE_WITHIN_S = 3.0
FULL_LOOK_S = 5.0  # claims begin at the bottom again this often


class Waking:
    """A waker for one process; `run` it beside the runner."""

    def __init__(
        self,
        database: Database,
        floors: Floors,
        clock: Clock,
        *,
        rng: Random | None = None,
        quickest_s: float = 0.025,
        slowest_s: float = 1.0,
        prove_s: float = PROVE_S,
    ) -> None:
        self._database = database
        self._floors = floors
        self._clock = clock
        self._rng = rng or Random()  # noqa: S311 - jitter, not secrets
        self._quickest_s = quickest_s
        self._slowest_s = slowest_s
        self._prove_s = prove_s
        self._pause_s = quickest_s
        self._me = uuid4().hex
        self.proven = asyncio.Event()
        """Set when the last call to ourselves came back."""
        self._news: set[str] = set()
        self._stir = asyncio.Event()
        self._full_look_due = 0.0
        self.hears = False
        """Whether notifications arrive."""

    async def wait(self, timeout_s: float) -> frozenset[str]:
        """The consumers that were called; nobody when it is time to look at all of them."""
        pause_s = timeout_s if self.hears else min(timeout_s, self._pause_s)
        try:
            async with asyncio.timeout(pause_s):
                await self._stir.wait()
        except TimeoutError:
            self._pause_s = min(self._pause_s * 2, self._slowest_s)
        self._stir.clear()
        called, self._news = frozenset(self._news), set()
        self._look_at_the_bottom_too()
        return called

    def busy(self) -> None:
        self._pause_s = self._quickest_s

    async def run(self) -> None:
        """Listen until cancelled, again and again."""
        pauses_s = delays_s(self._rng)
        while True:
            try:
                async with self._database.dedicated() as connection:
                    await self._listen(connection)
            except Retryable as error:
                logger.warning("listening_broke_off", error=str(error))
            finally:
                self._deaf()
            await self._clock.sleep(next(pauses_s))

    async def _listen(self, connection: Connection) -> None:
        """Until the connection breaks, or calls stop coming back after they once did."""
        lost = asyncio.Event()
        connection.add_termination_listener(lambda *_: lost.set())
        with translated("listening"):
            await connection.add_listener(CHANNEL, self._heard)
        while not lost.is_set():
            proven = await self._prove(lost)
            if self.hears and not proven:
                return
            if proven and not self.hears:
                self._hear()
            await _either(lost, self._prove_s)

    async def _prove(self, lost: asyncio.Event) -> bool:
        """Whether a call through the work pool comes back on this connection."""
        self.proven.clear()
        await self._database.fetchval("board.notify", f"{self._me} 0")
        proven = asyncio.create_task(self.proven.wait())
        broken = asyncio.create_task(lost.wait())
        try:
            await asyncio.wait((proven, broken), timeout=PROVE_WITHIN_S, return_when=asyncio.FIRST_COMPLETED)
        finally:
            proven.cancel()
            broken.cancel()
        return self.proven.is_set() and not lost.is_set()

    def _heard(self, connection: object, pid: int, channel: str, payload: object) -> None:
        consumer, _, seq = str(payload).rpartition(" ")
        if consumer == self._me:
            self.proven.set()
        elif seq.isdecimal():
            self._floors.lower(consumer, int(seq))
            self._news.add(consumer)
            self._stir.set()

    def _hear(self) -> None:
        logger.debug("notifications_arrive")
        self.hears = True
        self._floors.forget(trusted=True)
        self._look_at_all()

    def _deaf(self) -> None:
        self.hears = False
        self._floors.forget(trusted=False)
        self._look_at_all()

    def _look_at_all(self) -> None:
        """What was missed while deaf is found by looking everywhere."""
        self.busy()
        self._news.clear()
        self._stir.set()

    def _look_at_the_bottom_too(self) -> None:
        now = asyncio.get_running_loop().time()
        if now >= self._full_look_due:
            self._full_look_due = now + FULL_LOOK_S
            self._floors.forget(trusted=self.hears)


async def _either(event: asyncio.Event, timeout_s: float) -> None:
    """Until the event, or that long."""
    try:
        async with asyncio.timeout(timeout_s):
            await event.wait()
    except TimeoutError:
        return
