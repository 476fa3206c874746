"""The thin pump: takes from a feed, lets the assembler decide, posts each heartbeat with its bars at once."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Protocol
from uuid import UUID

from loguru import logger

from strandloom.basics.clock import Clock
from strandloom.basics.errors import Retryable
from strandloom.blackboard.cause import Cause, root
from strandloom.blackboard.strand import Draft, Write
from strandloom.market import beat as beats
from strandloom.market import minute as minutes
from strandloom.market.assembler import Assembler, Rules
from strandloom.market.beat import MODULE, Alarm, Beat
from strandloom.market.feeds.port import Feed
from strandloom.market.writes import store

_LONGEST_S = 10.0


class Posting(Protocol):
    """The part of a board that the pump needs."""

    async def post(
        self, drafts: Sequence[Draft], cause: Cause, writes: Sequence[Write] = ()
    ) -> tuple[UUID, ...]: ...


Learn = Callable[[Beat], None]
Follow = Callable[[Beat], Awaitable[None]]


def _forget(beat: Beat) -> None:
    """Nobody in this process looks at the market."""


async def nothing(beat: Beat) -> None:
    """Nobody waits for the network to be done with a minute."""


class Pump:
    """One feed onto one board.

    `learn` hears of each heartbeat before the board does; `follow` is awaited after it, before the feed is
    asked again.
    """

    def __init__(
        self,
        feed: Feed,
        board: Posting,
        clock: Clock,
        *,
        rules: Rules | None = None,
        learn: Learn = _forget,
        follow: Follow = nothing,
        keep_bars: bool = True,
        guards: Sequence[Write] = (),
    ) -> None:
        """`guards` are writes that go with every post: when a condition of theirs fails, so does the pump."""
        self._feed = feed
        self._board = board
        self._clock = clock
        self._rules = rules
        self._learn = learn
        self._follow = follow
        self._keep_bars = keep_bars
        self._guards = tuple(guards)

    async def run(
        self, symbols: Sequence[str], since: int, missing: Mapping[str, Iterable[int]] | None = None
    ) -> None:
        """Until the feed ends, or for ever."""
        assembler = Assembler(self._feed.venue, since, rules=self._rules, missing=missing)
        async for event in self._feed.closed(symbols, since):
            for decided in assembler.take(event):
                await self._say(decided)

    async def _say(self, decided: Beat | Alarm) -> None:
        if isinstance(decided, Alarm):
            logger.warning("feed_silent", feed=self._feed.venue, since=minutes.opens(decided.minute))
            await self._post([beats.note_draft(decided.note)], _alarm(self._feed.venue, decided), [])
            return
        drafts = [beats.draft(decided.minute, decided.body), *map(beats.note_draft, decided.notes)]
        writes = [store(decided)] if self._keep_bars else []
        self._learn(decided)
        await self._post(drafts, beats.cause(self._feed.venue, decided.minute), writes)
        await self._follow(decided)

    async def _post(self, drafts: Sequence[Draft], cause: Cause, writes: Sequence[Write]) -> None:
        """Posting twice posts once, so a post whose fate is unknown is simply sent again."""
        wait_s = 0.1
        while True:
            try:
                await self._board.post(drafts, cause, [*self._guards, *writes])
            except Retryable as error:
                logger.warning(
                    "heartbeat_not_posted", feed=self._feed.venue, why=str(error), again_in_s=wait_s
                )
                await self._clock.sleep(wait_s)
                wait_s = min(2 * wait_s, _LONGEST_S)
            else:
                return


def _alarm(feed: str, alarm: Alarm) -> Cause:
    problem = alarm.note.quality.problem
    return root(MODULE, minutes.closes(alarm.minute), f"{feed}:{problem}:{alarm.minute}")
