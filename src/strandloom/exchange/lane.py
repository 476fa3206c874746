"""One bar while an account lives through it."""

from strandloom.exchange.commands import PathBar
from strandloom.exchange.ladder import Ladder

MINUTE_MS = 60_000


class Lane:
    """The bar's path, the volume that resting orders may still have of it, and the book along the way."""

    __slots__ = ("asks", "at", "bar", "basis", "bids", "by_path", "end", "left", "leg", "price")

    def __init__(self, bar: PathBar, at: int, left: int, basis: int, by_path: bool) -> None:
        self.bar = bar
        self.at = at
        self.left = left  # lots
        self.basis = basis  # mark minus price, through the whole bar
        self.by_path = by_path  # False: finer data has already moved the mark
        self.price = 0
        self.end = 0  # where this leg of the path turns
        self.leg = 0  # -1 falling, 1 rising, 0: the jump to the open, where nothing traded
        self.bids: Ladder | None = None  # the book along the way, drawn when it is met
        self.asks: Ladder | None = None
