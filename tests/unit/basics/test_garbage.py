"""What is collected seldom is collected all the same, and given back to the machine."""

import asyncio
import gc
import weakref
from pathlib import Path

import numpy as np
import pytest

from strandloom.basics.garbage import KEEPING, give_back, seldom_collected, tidy
from tests.clocks import HandClock


class Knot:
    """Refers to itself, so that only the collector can free it."""

    def __init__(self) -> None:
        self.me = self


async def test_a_service_collects_what_refers_to_itself_although_few_objects_are_made() -> None:
    clock = HandClock()
    with seldom_collected():
        task = asyncio.create_task(tidy(clock))
        await asyncio.sleep(0)
        knot = weakref.ref(Knot())
        assert knot() is not None
        clock.pass_s(60)
        await asyncio.sleep(0)
        assert knot() is None
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert gc.get_freeze_count() == 0


def test_as_seldom_as_is_asked_for_and_as_usual_afterwards() -> None:
    usual = gc.get_threshold()
    with seldom_collected(), seldom_collected(KEEPING):
        assert gc.get_threshold()[0] == KEEPING
    assert gc.get_threshold() == usual


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="only Linux tells how much is resident")
def test_freed_memory_between_small_things_in_use_goes_back() -> None:
    def resident_mb() -> float:
        return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6

    give_back()
    before, pins = resident_mb(), []
    blocks = []
    for n in range(2_000):
        blocks.append(np.full(12_000, float(n)))  # too small for a mapping of its own
        pins.append(np.full(150, float(n)))
    assert resident_mb() > before + 150
    blocks.clear()
    give_back()
    assert resident_mb() < before + 50
    assert len(pins) == 2_000
