"""Restarts: growing pauses, a limit, and nothing hidden."""

import asyncio
from datetime import timedelta

import pytest

from strandloom.basics.errors import NotYet
from strandloom.blackboard.supervisor import Restarts, keep_running
from tests.builders import NOON
from tests.clocks import HandClock


def test_pauses_grow_with_recent_failures_and_end_at_the_limit() -> None:
    rule = Restarts(limit=3, within_s=60, base_s=1, cap_s=3)
    failures = [NOON]
    pauses = []
    while (pause_s := rule.pause_s(failures, NOON)) is not None:
        pauses.append(pause_s)
        failures.append(NOON)

    assert pauses == [1, 2, 3]


def test_old_failures_are_forgiven() -> None:
    rule = Restarts(limit=1, within_s=60)

    assert rule.pause_s([NOON] * 9 + [NOON + timedelta(hours=1)], NOON + timedelta(hours=1)) is not None


async def test_what_fails_is_started_again_until_it_ends_by_itself() -> None:
    clock, runs = HandClock(), []

    async def fails_twice() -> None:
        runs.append(clock.wall())
        if len(runs) < 3:
            raise ValueError("odd")

    task = asyncio.create_task(keep_running("it", fails_twice, clock))
    for _ in range(50):
        await asyncio.sleep(0)
        clock.pass_s(0.1)
    await task

    assert len(runs) == 3


async def test_what_keeps_failing_is_raised_with_its_name() -> None:
    async def broken() -> None:
        raise ValueError("odd")

    with pytest.raises(ValueError, match="odd") as failure:
        await keep_running("raw_data.broken", broken, HandClock(), Restarts(limit=0))

    assert "raw_data.broken failed 1 times" in failure.value.__notes__[0]


async def test_what_does_not_answer_yet_is_waited_for_without_a_limit() -> None:
    clock, runs = HandClock(), []

    async def answers_at_the_tenth() -> None:
        runs.append(clock.wall())
        if len(runs) < 10:
            raise NotYet("the venue does not answer")

    rule = Restarts(limit=0, waits_s=5)
    task = asyncio.create_task(keep_running("trader", answers_at_the_tenth, clock, rule))
    while not task.done():
        await asyncio.sleep(0)
        clock.pass_s(1)
    await task

    assert len(runs) == 10


async def test_who_is_asked_to_end_while_it_fails_ends_and_is_not_restarted() -> None:
    ending, let_go = asyncio.Event(), asyncio.Event()

    async def lingers() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ending.set()
            await let_go.wait()

    async def fails() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(lingers())
            await asyncio.sleep(0)
            raise ValueError("odd")

    task = asyncio.create_task(keep_running("trader", fails, HandClock()))
    await ending.wait()
    task.cancel()
    let_go.set()
    await asyncio.wait({task}, timeout=60)
    assert task.cancelled()
