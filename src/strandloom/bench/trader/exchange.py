"""The built-in exchange as a server in a process of its own, with one account that has money."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection

from strandloom.basics.clock import DrivenClock
from strandloom.exchange.asset import micro
from strandloom.exchange.commands import Deposit
from strandloom.exchange.engine import Engine
from strandloom.exchange.server.limits import Limits
from strandloom.exchange.server.serve import serving
from strandloom.exchange.server.venue import Venue
from strandloom.hyperliquid.signing import Wallet
from strandloom.kinds.market import Bar

KEY = "0x" + "2b" * 32
SYMBOL, PRICE, MINUTES = "BTC", 100_000.0, 90


@contextmanager
def exchange() -> Iterator[str]:
    """Its address."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        ours.send("end")
        process.join(10)


def bars(first: datetime) -> Iterator[Bar]:
    """A market that stands still, so that nothing but the Trader takes time."""
    for minute in range(MINUTES):
        yield Bar(
            venue="bench",
            symbol=SYMBOL,
            at=first + timedelta(minutes=minute),
            open=PRICE,
            high=PRICE + 50 + minute % 3,
            low=PRICE - 50,
            close=PRICE + minute % 3,
            volume=100.0,
        )


def _serve(pipe: Connection) -> None:
    asyncio.run(_serving(pipe))


async def _serving(pipe: Connection) -> None:
    first = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=MINUTES)
    clock = DrivenClock(first)
    venue = Venue(exchange=Engine(), clock=clock, limits=Limits.none())
    async with serving(venue) as opened:
        opened.drive.list([SYMBOL], venue.at_ms())
        for bar in bars(first):
            opened.drive.closed([bar])
        clock.set(first + timedelta(minutes=MINUTES))
        venue.submit(Deposit(venue.at_ms(), Wallet(KEY).address, micro(1_000_000)))
        pipe.send(opened.url)
        await asyncio.get_running_loop().run_in_executor(None, pipe.recv)
