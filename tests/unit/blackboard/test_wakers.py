"""Wakers: a bell for boards in the same process, polling for the others."""

import asyncio

from strandloom.blackboard.waker import Bell, Polling
from tests.clocks import HandClock


async def test_a_bell_names_everyone_it_was_rung_for_once() -> None:
    bell = Bell()
    bell.ring("raw_data.one")
    bell.ring("cil.two")
    bell.ring("cil.two")

    assert await bell.wait(60) == {"raw_data.one", "cil.two"}
    assert await bell.wait(0) == frozenset()


async def test_polling_grows_lazy_and_is_quick_again_when_there_is_work() -> None:
    clock = HandClock()
    polling = Polling(["raw_data.one"], clock, quickest_s=1, slowest_s=4)

    async def pause_s() -> float:
        began, waiting = clock.wall(), asyncio.create_task(polling.wait(60))
        while not waiting.done():
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            if not waiting.done():
                clock.pass_s(0.5)
        assert waiting.result() == {"raw_data.one"}
        return (clock.wall() - began).total_seconds()

    assert [await pause_s() for _ in range(4)] == [1, 2, 4, 4]
    polling.busy()
    assert await pause_s() == 1
