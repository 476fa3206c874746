"""Who is subscribed to what, and the delivery of a message to all of them."""

import json
from collections import defaultdict
from collections.abc import Container, Iterable
from typing import Any, Protocol

from strandloom.exchange.server.subscription import Subscription


class Listener(Protocol):
    """One WebSocket as the hub sees it."""

    def offer(self, text: str) -> None:
        """Take a frame to send; never blocks."""
        ...


class Hub:
    """The subscriptions of all connections."""

    def __init__(self) -> None:
        self._listeners: dict[Subscription, set[Listener]] = defaultdict(set)

    def add(self, subscription: Subscription, listener: Listener) -> None:
        self._listeners[subscription].add(listener)

    def remove(self, subscription: Subscription, listener: Listener) -> None:
        listeners = self._listeners.get(subscription)
        if listeners is not None:
            listeners.discard(listener)
            if not listeners:
                del self._listeners[subscription]

    def wanted(self, kinds: Container[str]) -> list[Subscription]:
        """The subscriptions of these kinds that somebody holds."""
        return [subscription for subscription in self._listeners if subscription.kind in kinds]

    def is_wanted(self, subscription: Subscription) -> bool:
        return subscription in self._listeners

    def publish(self, subscription: Subscription, channel: str, data: Any) -> None:
        """One message to everyone who asked for it."""
        if listeners := self._listeners.get(subscription):
            text = frame(channel, data)
            for listener in tuple(listeners):
                listener.offer(text)


def frame(channel: str, data: Any) -> str:
    """A message as it is sent."""
    return json.dumps({"channel": channel, "data": data}, separators=(",", ":"))


def users(subscriptions: Iterable[Subscription]) -> set[str]:
    """The different accounts that are followed."""
    return {subscription.user for subscription in subscriptions if subscription.user}
