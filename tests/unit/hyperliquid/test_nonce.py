"""Nonces from many threads and from a clock that stands still or steps back never repeat."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from strandloom.basics.clock import SystemClock
from strandloom.basics.ids import unix_ms
from strandloom.hyperliquid.nonce import NonceSource
from tests.unit.hyperliquid.wall import SleptClock


def test_eight_threads_get_eight_thousand_different_nonces() -> None:
    source = NonceSource(SystemClock())
    with ThreadPoolExecutor(8) as pool:
        nonces = list(pool.map(lambda _: source.next(), range(8_000)))
    assert len(set(nonces)) == 8_000


def test_a_clock_that_steps_back_repeats_none() -> None:
    clock = SleptClock()
    source = NonceSource(clock)
    first = source.next()
    assert first == unix_ms(clock.at)
    clock.at -= timedelta(seconds=60)
    assert source.next() == first + 1
