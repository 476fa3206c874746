"""One side of the users' book: price levels in order, time order within a level."""

from bisect import bisect_left, insort
from collections.abc import Iterator

from strandloom.exchange.order import Order


class Side:
    """Keys are `sign·price`, ascending, so that the best price is always the last key."""

    __slots__ = ("keys", "levels", "sign")

    def __init__(self, sign: int) -> None:
        self.sign = sign  # 1: bids, -1: asks
        self.keys: list[int] = []
        self.levels: dict[int, dict[int, Order]] = {}

    def add(self, order: Order) -> None:
        """Last in line at its price."""
        level = self.levels.get(order.px)
        if level is None:
            self.levels[order.px] = {order.oid: order}
            insort(self.keys, self.sign * order.px)
        else:
            level[order.oid] = order

    def remove(self, order: Order) -> None:
        """Out of the book."""
        level = self.levels[order.px]
        del level[order.oid]
        if not level:
            del self.levels[order.px]
            del self.keys[bisect_left(self.keys, self.sign * order.px)]

    def best(self, beyond: int) -> int:
        """The best price that the market has not run through, or 0; `beyond` is the market's other side."""
        keys, sign = self.keys, self.sign
        if not keys:
            return 0
        key = keys[-1]
        if beyond and key >= sign * beyond:
            at = bisect_left(keys, sign * beyond)
            return sign * keys[at - 1] if at else 0
        return sign * key

    def prices(self, beyond: int) -> Iterator[int]:
        """Prices best first, without those that the market has run through."""
        keys, sign = self.keys, self.sign
        at = bisect_left(keys, sign * beyond) if beyond else len(keys)
        while at:
            at -= 1
            yield sign * keys[at]
