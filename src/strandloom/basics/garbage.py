"""Garbage where strands come and go by the million: collected seldom, given back now and then."""

import ctypes
import gc
from collections.abc import Iterator
from contextlib import contextmanager

from strandloom.basics.clock import Clock

_YOUNG = 50_000  # objects made before a look at the youngest; the interpreter's own choice is 700
KEEPING = 5_000_000  # the same where nearly everything that is made is kept, and looking would find nothing
_EVERY_S = 30.0


@contextmanager
def seldom_collected(young: int = _YOUNG) -> Iterator[None]:
    """Inside, the collector looks more seldom: a replay, and claiming, run about a fifth faster."""
    usual = gc.get_threshold()
    gc.set_threshold(young, 50, 1_000)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


async def tidy(clock: Clock) -> None:
    """For ever: what runs for weeks must not wait for a million objects before it looks at the old ones."""
    gc.collect()
    gc.freeze()  # what a program is made of stays, and need not be looked at each time
    try:
        while True:
            await clock.sleep(_EVERY_S)
            give_back()
    finally:
        gc.unfreeze()


def give_back() -> None:
    """Collect what nobody refers to; the C library returns what it keeps between small things in use."""
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc's own; others do not hoard like it
    if trim is not None:
        trim(0)
