"""The market of one process: where it goes on, its window warm, its heartbeat going."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from loguru import logger

from strandloom.basics.clock import Clock
from strandloom.blackboard.delivery import Queue
from strandloom.blackboard.strand import Write
from strandloom.blackboard.supervisor import keep_running
from strandloom.market.assembler import Rules
from strandloom.market.beat import Beat
from strandloom.market.beginning import Beginning, begin
from strandloom.market.filling import Filling
from strandloom.market.pump import Follow, Posting, Pump, nothing
from strandloom.market.source import Source
from strandloom.market.store import BarStore
from strandloom.settings import Settings

_LOOK_S = 0.02


class Running:
    """`await prepare()` once, then `beat()`."""

    def __init__(
        self,
        source: Source,
        store: BarStore,
        board: Posting,
        filling: Filling,
        settings: Settings,
        *,
        follow: Follow = nothing,
        guards: Sequence[Write] = (),
    ) -> None:
        self._source = source
        self._store = store
        self._filling = filling
        rules = Rules(deadline=timedelta(seconds=settings.heartbeat_deadline_s))
        self._pump = Pump(
            source.feed,
            board,
            source.clock,
            rules=rules,
            learn=self._filling.beat,
            follow=follow,
            guards=guards,
        )
        self._beginning: Beginning | None = None

    async def prepare(self) -> int:
        """Find out where to go on, and look back far enough; the minute that comes next."""
        source = self._source
        now = source.clock.now()
        self._beginning = await begin(
            self._store, source.feed, source.symbols, source.first, now=now, earliest=source.earliest
        )
        since = self._beginning.since
        source.go_to(since)
        await self._filling.begin(source.symbols, since)
        return since

    async def beat(self) -> None:
        """Heartbeats until the feed ends, or for ever; a feed that fails goes on after its last one."""
        await keep_running("market", self._beat_once, self._source.clock)
        logger.info("feed_ended", feed=self._source.feed.venue)

    async def _beat_once(self) -> None:
        if self._beginning is None:
            await self.prepare()
        beginning, self._beginning = self._beginning, None
        if beginning is not None:
            await self._pump.run(self._source.symbols, beginning.since, beginning.missing)


def drained(queues: Callable[[], Awaitable[Sequence[Queue]]], clock: Clock) -> Follow:
    """Hold the next minute back until everybody is done with this one."""

    async def follow(beat: Beat) -> None:
        while any(one.waiting + one.leased + one.expired for one in await queues()):
            await clock.sleep(_LOOK_S)

    return follow
