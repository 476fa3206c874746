"""The SDK's own WebSocket, its messages gathered per channel."""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import Empty, Queue
from typing import Any

from hyperliquid.info import Info

from tests.acceptance.exchange.world import World


class Listener:
    """What the SDK handed to its callbacks, in order."""

    def __init__(self, info: Info, world: World) -> None:
        self._info = info
        self._world = world
        self._heard: dict[str, Queue[Any]] = defaultdict(Queue)

    def to(self, kind: str, *, served: bool = True, **fields: Any) -> None:
        """Subscribe through the SDK, and wait until the exchange has heard of it."""
        heard = self._heard["user" if kind == "userEvents" else kind]
        self._info.subscribe({"type": kind, **fields}, lambda message: heard.put(message["data"]))
        hub = self._world.venue.hub
        while served and not self._world.do(lambda: hub.wanted({kind})):
            pass

    def next(self, channel: str, timeout_s: float = 10) -> Any:
        """The next message of a channel."""
        try:
            return self._heard[channel].get(timeout=timeout_s)
        except Empty:
            raise AssertionError(f"nothing came on {channel}") from None

    def until(self, channel: str, wanted: Callable[[Any], bool]) -> Any:
        """The first message of a channel that is what a test waits for."""
        while not wanted(message := self.next(channel)):
            pass
        return message


@contextmanager
def listening(world: World) -> Iterator[Listener]:
    """A connected SDK; it hangs at exit unless it is told to disconnect."""
    info = Info(world.url, timeout=60)
    assert info.ws_manager is not None
    opened = threading.Event()
    before = info.ws_manager.ws.on_open

    def on_open(socket: Any) -> None:
        before(socket)
        opened.set()

    info.ws_manager.ws.on_open = on_open
    try:
        if not info.ws_manager.ws_ready:
            assert opened.wait(10)
        yield Listener(info, world)
    finally:
        # the SDK's thread sleeps up to ten seconds before it notices; a last pong wakes it at once
        info.ws_manager.ws.keep_running = False
        info.ws_manager.ws.send('{"method":"ping"}')
        info.ws_manager.join(15)
        info.disconnect_websocket()
