"""The nearest prices at which orders do something: most bars need no look at the orders themselves."""

from collections.abc import Iterable
from typing import NamedTuple

from strandloom.exchange.order import Order

NOWHERE = 1 << 62


class Reach(NamedTuple):
    """In ticks: what is met by falling to it, and what by rising."""

    version: int  # of the orders that it was worked out of
    bid: int
    ask: int
    falls: int  # the mark that fires a trigger
    rises: int

    def meets(self, low: int, high: int, basis: int) -> bool:
        """Does anything lie within these prices, the mark standing that far from them?"""
        return self.bid >= low or self.ask <= high or self.falls - basis >= low or self.rises - basis <= high


def reach(version: int, resting: Iterable[Order], armed: Iterable[Order]) -> Reach:
    """Of orders in the book and of triggers."""
    bids, asks, falls, rises = [-NOWHERE], [NOWHERE], [-NOWHERE], [NOWHERE]
    for order in resting:
        (bids if order.is_buy else asks).append(order.px)
    for order in armed:
        (falls if order.fires_below else rises).append(order.trigger_px)
    return Reach(version, max(bids), min(asks), max(falls), min(rises))
