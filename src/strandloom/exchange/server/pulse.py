"""The channels that show a state: whatever changed since it was last told is told again, not too often."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from strandloom.exchange.port import Exchange
from strandloom.exchange.server import snapshot
from strandloom.exchange.server.hub import Hub
from strandloom.exchange.server.subscription import Subscription

_MADE: Final[Mapping[str, snapshot.Made]] = {**snapshot.LIVE, "candle": snapshot.candle}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadence:
    """How often, at most, a state is told."""

    block_s: float = 0.1
    book_s: float = 5.0
    fast_book_s: float = 0.5

    def of(self, subscription: Subscription) -> float:
        """The pause between two messages of a subscription."""
        if subscription.kind != "l2Book":
            return 0.0
        return self.fast_book_s if subscription.fast else self.book_s


class Pulse:
    """Beats once per block and remembers what it last said."""

    def __init__(self, exchange: Exchange, hub: Hub, cadence: Cadence) -> None:
        self._exchange = exchange
        self._hub = hub
        self._cadence = cadence
        self._said: dict[Subscription, tuple[Any, float]] = {}

    def beat(self, now_s: float) -> bool:
        """Tell what changed; True when something has to wait for a later beat."""
        self._said = {key: said for key, said in self._said.items() if self._hub.is_wanted(key)}
        waiting = [self._tell(subscription, now_s) for subscription in self._hub.wanted(_MADE)]
        return any(waiting)

    def said(self, subscription: Subscription, data: Any, now_s: float) -> None:
        """A subscriber was told this as its snapshot."""
        self._said[subscription] = (_without_time(data), now_s)

    def _tell(self, subscription: Subscription, now_s: float) -> bool:
        last, at_s = self._said.get(subscription, (None, -1e9))
        if now_s - at_s < self._cadence.of(subscription):
            return True
        data = _MADE[subscription.kind](self._exchange, subscription)
        if data is not None and _without_time(data) != last:
            self.said(subscription, data, now_s)
            self._hub.publish(subscription, subscription.kind, data)
        return False


def _without_time(data: Any) -> Any:
    return {key: value for key, value in data.items() if key != "time"}
