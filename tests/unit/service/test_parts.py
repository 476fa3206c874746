"""The running service: parts begin together and end together."""

import asyncio

import pytest

from strandloom.basics.clock import SystemClock
from strandloom.basics.errors import CannotStart
from strandloom.blackboard.supervisor import Restarts
from strandloom.service import Part, Service


class Impatient(SystemClock):
    """Waits for nothing, but lets the others run."""

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)


class Steady:
    """A part that runs until it is cancelled, and remembers."""

    def __init__(self) -> None:
        self.began = asyncio.Event()
        self.ended = False

    async def run(self) -> None:
        self.began.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.ended = True


async def test_every_part_runs_until_the_stop_and_then_ends() -> None:
    steady = [Steady(), Steady()]
    stop = asyncio.Event()
    service = Service(parts=[Part(name=f"part {n}", run=part.run) for n, part in enumerate(steady)])
    running = asyncio.create_task(service.run(stop))
    for part in steady:
        await part.began.wait()
    assert not any(part.ended for part in steady)
    stop.set()
    await running
    assert all(part.ended for part in steady)


async def test_a_part_that_fails_ends_the_others_and_is_named() -> None:
    steady = Steady()

    async def fail() -> None:
        await steady.began.wait()
        raise ValueError("no more bars")

    parts = [Part(name="steady", run=steady.run), Part(name="feed", run=fail)]
    service = Service(parts=parts, restarts=Restarts(limit=0))
    with pytest.raises(ExceptionGroup) as failure:
        await service.run(asyncio.Event())
    (error,) = failure.value.exceptions
    assert steady.ended
    assert "in the part 'feed' of the service" in error.__notes__


async def test_a_part_that_fails_now_and_then_is_restarted_and_the_others_do_not_notice() -> None:
    steady, again = Steady(), Steady()
    runs = 0

    async def stumble() -> None:
        nonlocal runs
        runs += 1
        if runs < 3:
            raise ValueError("no more bars")
        await again.run()

    stop = asyncio.Event()
    parts = [Part(name="steady", run=steady.run), Part(name="feed", run=stumble)]
    running = asyncio.create_task(Service(parts=parts, clock=Impatient()).run(stop))
    await again.began.wait()
    assert runs == 3
    assert not steady.ended
    stop.set()
    await running


async def test_what_a_person_must_mend_is_not_tried_again() -> None:
    async def refuse() -> None:
        raise CannotStart("the key is not the account's")

    with pytest.raises(ExceptionGroup) as failure:
        await Service(parts=[Part(name="venue", run=refuse)]).run(asyncio.Event())
    assert failure.group_contains(CannotStart)


async def test_a_part_that_ends_by_itself_leaves_the_others_running() -> None:
    steady = Steady()
    stop = asyncio.Event()

    async def short() -> None:
        await steady.began.wait()

    running = asyncio.create_task(
        Service(parts=[Part(name="steady", run=steady.run), Part(name="short", run=short)]).run(stop)
    )
    await steady.began.wait()
    assert not steady.ended
    stop.set()
    await running


async def test_without_parts_it_still_waits_for_the_stop() -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(Service().run(stop))
    done, _ = await asyncio.wait([running], timeout=0)
    assert not done
    stop.set()
    await running
