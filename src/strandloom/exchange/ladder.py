"""One side of the synthetic book: levels by a closed formula, consumed from the best price outward."""

from strandloom.exchange.rules import Depth


class Ladder:
    """Level k stands at `best + sign·k·step` and holds `first` (k = 0) or `base·(1 + k·growth %)` lots."""

    __slots__ = ("base", "best", "first", "growth_pct", "level", "levels", "sign", "step", "used")

    def __init__(self, sign: int) -> None:
        self.sign = sign  # 1: asks climb, -1: bids fall
        self.best = 0
        self.step = 1
        self.first = 0
        self.base = 0
        self.growth_pct = 0
        self.levels = 0
        self.level = 0  # the first that is not used up
        self.used = 0  # lots gone from it

    def draw(self, best: int, step: int, first: int, base: int, depth: Depth) -> None:
        """Stand fresh at these prices."""
        self.best, self.step, self.first, self.base = best, step, first, base
        self.growth_pct = depth.growth_pct
        self.levels = depth.levels if first or base else 0
        self.level = self.used = 0
        if not first:
            self.settle()

    def clear(self) -> None:
        """No market: nothing to trade with."""
        self.levels = self.level = self.used = 0

    def price(self, level: int) -> int:
        return self.best + self.sign * level * self.step

    def size(self, level: int) -> int:
        """What the level held when drawn."""
        if level == 0:
            return self.first
        return self.base + self.base * self.growth_pct * level // 100

    def top(self) -> int:
        """The best price that is left, or 0."""
        if self.level >= self.levels:
            return 0
        px = self.best + self.sign * self.level * self.step
        return px if px > 0 else 0

    def front(self) -> int:
        """Where the side stood before anything was taken, or 0; the market ran through what lies beyond."""
        return self.best if self.levels else 0

    def use(self, level: int, used: int) -> None:
        """Everything before `level`, and `used` lots of it, is gone."""
        self.level, self.used = level, used
        self.settle()

    def settle(self) -> None:
        """Stand on a level that has something left."""
        while self.level < self.levels and self.used >= self.size(self.level):
            self.used -= self.size(self.level)
            self.level += 1

    def ahead(self, px: int) -> int:
        """Lots shown at a price of this side: the queue that a new order there stands behind."""
        if self.levels == 0:
            return 0
        away = (px - self.best) * self.sign
        if away < 0:
            return 0  # inside the spread: first in line
        level = -(-away // self.step)
        size = self.size(level)
        return max(0, size - self.used) if level == self.level else size

    def shown(self) -> list[tuple[int, int]]:
        """(price, lots) of every level that is left, best first."""
        rows = []
        for level in range(self.level, self.levels):
            px = self.price(level)
            if px <= 0:
                break
            lots = self.size(level) - (self.used if level == self.level else 0)
            if lots > 0:
                rows.append((px, lots))
        return rows
