"""An exchange on real ports in a thread of its own, so that the synchronous SDK can talk to it."""

import asyncio
import json
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from queue import Queue
from typing import Any, TypeVar

from strandloom.basics.clock import DrivenClock
from strandloom.exchange.engine import Engine
from strandloom.exchange.port import Exchange
from strandloom.exchange.server.app import USUAL
from strandloom.exchange.server.pulse import Cadence
from strandloom.exchange.server.serve import Serving, serving
from strandloom.exchange.server.venue import Faucet, Venue
from strandloom.kinds.market import Bar

START = datetime(2026, 3, 2, 12, tzinfo=UTC)
PRICES = {"BTC": 100_000.0, "ETH": 4_000.0, "SOL": 200.0}
MINUTE = timedelta(minutes=1)
T = TypeVar("T")


class World:
    """The exchange, its market, and a hand on both."""

    def __init__(self, venue: Venue, serving_: Serving, loop: asyncio.AbstractEventLoop, clock: DrivenClock):
        self.venue = venue
        self.url = serving_.url
        self.admin_url = serving_.admin_url or ""
        self._drive = serving_.drive
        self._loop = loop
        self._clock = clock
        self.prices = dict(PRICES)
        self.over = asyncio.Event()

    def list_market(self) -> None:
        self._drive.list(list(PRICES), self.venue.at_ms())

    def end(self) -> None:
        self._loop.call_soon_threadsafe(self.over.set)

    @property
    def exchange(self) -> Exchange:
        return self.venue.exchange

    def do(self, call: Callable[[], T]) -> T:
        """Call something on the exchange's own thread."""

        async def called() -> T:
            return call()

        return asyncio.run_coroutine_threadsafe(called(), self._loop).result(10)

    def minute(self, volume: float = 1_000.0, **ranges: tuple[float, float, float, float]) -> None:
        """One closed minute: (open, high, low, close) where given, elsewhere a little around the last."""
        at = self._clock.now().replace(second=0, microsecond=0)
        bars = []
        for symbol, price in self.prices.items():
            wide = price * 0.0005
            open_, high, low, close = ranges.get(symbol, (price, price + wide, price - wide, price))
            self.prices[symbol] = close
            bars.append(
                Bar(
                    venue="test",
                    symbol=symbol,
                    at=at,
                    open=open_,
                    high=high,
                    low=low,
                    close=close,
                    volume=volume,
                )
            )

        def closed() -> None:
            self._clock.set(at + MINUTE)
            self._drive.closed(bars)
            self._drive.passed()

        self.do(closed)

    def minutes(self, count: int) -> None:
        for _ in range(count):
            self.minute()

    def seconds(self, count: float) -> None:
        """Time passes and nothing trades."""

        def passed() -> None:
            self._clock.set(self._clock.now() + timedelta(seconds=count))
            self._drive.passed()

        self.do(passed)

    def admin(self, do: str, **fields: Any) -> Any:
        """One order over the admin port."""
        body = json.dumps({"do": do, **fields}).encode()
        request = urllib.request.Request(  # noqa: S310 - loopback
            self.admin_url, body, {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request) as answer:  # noqa: S310 - loopback
            return json.load(answer)


@contextmanager
def a_world(engine: Exchange | None = None, **settings: Any) -> Iterator[World]:
    """A fresh exchange with half an hour of market behind it."""
    worlds: Queue[World | BaseException] = Queue()
    thread = threading.Thread(target=_live, args=(worlds, engine or Engine(), settings))
    thread.start()
    world = worlds.get(timeout=60)
    if isinstance(world, BaseException):
        raise world
    try:
        world.do(lambda: world.list_market())
        world.minutes(30)
        yield world
    finally:
        world.end()
        thread.join(20)


def _live(worlds: "Queue[World | BaseException]", engine: Exchange, settings: dict[str, Any]) -> None:
    patience, start = settings.pop("patience", USUAL), settings.pop("start", START)

    async def live() -> None:
        clock = DrivenClock(start)
        chosen = {
            "faucet": Faucet(),
            "cadence": Cadence(block_s=0.01, book_s=0.01, fast_book_s=0.01),
            **settings,
        }
        venue = Venue(exchange=engine, clock=clock, **chosen)
        async with serving(venue, admin_port=0, patience=patience) as opened:
            world = World(venue, opened, asyncio.get_running_loop(), clock)
            worlds.put(world)
            await world.over.wait()

    try:
        asyncio.run(live())
    except BaseException as error:  # noqa: BLE001 - handed to the test's own thread
        worlds.put(error)
