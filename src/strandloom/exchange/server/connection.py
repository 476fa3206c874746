"""One WebSocket of a client: its subscriptions, its limits, and a bounded queue of what it is to be told."""

import asyncio
from typing import Final

from strandloom.exchange.server.hub import frame
from strandloom.exchange.server.subscription import Subscription
from strandloom.exchange.server.venue import Venue
from strandloom.hyperliquid.budget import WeightWindow

WAITING_FRAMES: Final = 20_000


class Connection:
    """What the server holds of one client.  `offer` never blocks: a client that does not read is cut."""

    def __init__(self, venue: Venue, ip: str) -> None:
        self.ip = ip
        self.subscriptions: set[Subscription] = set()
        self.frames: asyncio.Queue[str] = asyncio.Queue(WAITING_FRAMES)
        self.posts = 0  # in flight
        self.cut = asyncio.Event()  # the connection is to end at once
        self.frozen = False  # half-open: alive for TCP, deaf and mute otherwise
        self._venue = venue
        self._messages = WeightWindow(venue.limits.messages_per_minute)
        self._held: str | None = None  # a message that waits for the next one to overtake it

    def tell(self, channel: str, data: object) -> None:
        """One message to this client alone."""
        self.enqueue(frame(channel, data))

    def offer(self, text: str) -> None:
        """One frame of a channel; here the faults of the network strike."""
        faults = self._venue.faults
        if faults.take("drop_message", "/ws"):
            return
        if self._held is None and faults.take("reorder", "/ws"):
            self._held = text
            return
        self.enqueue(text)
        if (held := self._held) is not None:
            self._held = None
            self.enqueue(held)
        if faults.take("duplicate", "/ws"):
            self.enqueue(text)

    def may_speak(self, now_s: float) -> bool:
        """Count a message of the client; no when it sent too many in the last minute."""
        if self._messages.used(now_s) >= self._messages.per_minute:
            return False
        self._messages.spend(now_s, 1)
        return True

    def enqueue(self, text: str) -> None:
        """One frame, as it is."""
        if self.frozen:
            return
        try:
            self.frames.put_nowait(text)
        except asyncio.QueueFull:
            self.cut.set()
