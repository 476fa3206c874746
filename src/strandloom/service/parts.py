"""The running service: all its parts in one TaskGroup, until someone asks it to stop or one of them fails."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from loguru import logger

from strandloom.basics.clock import Clock, SystemClock
from strandloom.basics.garbage import seldom_collected
from strandloom.blackboard.supervisor import PATIENT, Restarts, keep_running
from strandloom.service.timings import Timings
from strandloom.store.database import Database

STOP_S = 8.0  # after this the log names what still has not stopped


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One thing that runs as long as the service: a feed, the runner, a server.  It stops when cancelled."""

    name: str
    run: Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What `wiring` put together.  `facts` is what the first screen says, in its order."""

    parts: Sequence[Part] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    next_steps: Mapping[str, str] = field(default_factory=dict)  # how a newcomer may go on
    timings: Timings = field(default_factory=Timings)
    database: Database | None = None  # for those who tell about the service
    restarts: Restarts = PATIENT
    clock: Clock = field(default_factory=SystemClock)

    async def run(self, stop: asyncio.Event) -> None:
        """Run every part until `stop` is set; what fails is restarted, what keeps failing ends all."""
        with seldom_collected():
            await self._run(stop)

    async def _run(self, stop: asyncio.Event) -> None:
        async with asyncio.TaskGroup() as group:
            tasks = {group.create_task(self._kept(part), name=part.name) for part in self.parts}
            await stop.wait()
            logger.info("service_stopping", parts=len(tasks))
            await _stopped(tasks)

    async def _kept(self, part: Part) -> None:
        await keep_running(part.name, partial(named, part), self.clock, self.restarts)


async def named(part: Part) -> None:
    """Run a part; its failure says which part it was."""
    try:
        await part.run()
    except Exception as error:
        error.add_note(f"in the part {part.name!r} of the service")
        raise


async def _stopped(tasks: set[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    if tasks:
        _, slow = await asyncio.wait(tasks, timeout=STOP_S)
        for task in slow:
            logger.warning("part_slow_to_stop", part=task.get_name(), after_s=STOP_S)
