"""Accounts: cash, positions with the orders around them, and a bounded memory of what is over."""

from collections import deque
from itertools import islice

from strandloom.exchange.events import Fill, FundingPaid, Moved
from strandloom.exchange.order import Order
from strandloom.exchange.reach import Reach, reach

FINISHED_KEPT = 2_000
FILLS_KEPT = 10_000
FUNDINGS_KEPT = 2_000
MOVES_KEPT = 2_000


class Stake:
    """One account in one asset: its position, its leverage, and its live orders there."""

    __slots__ = (
        "_reach",
        "asset",
        "cash",
        "cost",
        "entered_bar",
        "funding_all",
        "funding_change",
        "funding_open",
        "held_since",
        "is_cross",
        "leverage",
        "orders",
        "reducing",
        "szi",
        "triggers",
        "user",
        "version",
    )

    def __init__(self, user: str, asset: int, leverage: int, is_cross: bool) -> None:
        self.user = user
        self.asset = asset
        self.leverage = leverage
        self.is_cross = is_cross
        self.szi = 0  # lots, negative: short
        self.cost = 0  # signed micro-dollars paid for what is held
        self.cash = 0  # an isolated position's own money: its margin minus its cost
        self.held_since = 0  # when it was last flat or changed side
        self.entered_bar = -1  # the bar (its opening time) whose path last increased it
        self.orders: dict[int, Order] = {}  # resting
        self.triggers: dict[int, Order] = {}  # armed, not fired
        self.reducing = 0  # how many of `orders` are reduce-only
        self.version = 0  # counts changes of orders and triggers
        self._reach: Reach | None = None  # as it was worked out last
        self.funding_all = 0
        self.funding_open = 0
        self.funding_change = 0

    @property
    def reach(self) -> Reach:
        """The nearest prices at which its orders do something."""
        known = self._reach
        if known is None or known.version != self.version:
            known = self._reach = reach(self.version, self.orders.values(), self.triggers.values())
        return known

    @property
    def idle(self) -> bool:
        """Nothing that a market move could touch."""
        return not (self.szi or self.orders or self.triggers)

    @property
    def entry_px(self) -> int:
        """What was paid on average for what is held, to the nearest tick."""
        held = abs(self.szi)
        return (2 * abs(self.cost) + held) // (2 * held)


class Account:
    """One user.  Cross positions share `cash`; an isolated one keeps its own in its stake."""

    __slots__ = (
        "agents",
        "by_cloid",
        "by_oid",
        "cancel_at",
        "cash",
        "cool_until",
        "cross",
        "fills",
        "finished",
        "fundings",
        "live",
        "moves",
        "number",
        "schedule_day",
        "schedules",
        "stakes",
        "user",
        "volume",
    )

    def __init__(self, user: str, number: int) -> None:
        self.user = user
        self.number = number
        self.cash = 0
        self.stakes: dict[int, Stake] = {}
        self.cross: dict[int, Stake] = {}  # those of `stakes` that hold a cross position
        self.live: dict[int, Order] = {}  # every order that is not over, by oid
        self.by_oid: dict[int, Order] = {}  # live and remembered
        self.by_cloid: dict[str, Order] = {}  # the latest with that cloid
        self.finished: deque[Order] = deque()
        self.fills: deque[Fill] = deque(maxlen=FILLS_KEPT)
        self.fundings: deque[FundingPaid] = deque(maxlen=FUNDINGS_KEPT)
        self.moves: deque[Moved] = deque(maxlen=MOVES_KEPT)
        self.volume = 0  # micro-dollars ever traded
        self.cool_until = 0  # after a partial liquidation, the next one before this is whole
        self.cancel_at: int | None = None
        self.schedules = 0  # scheduled cancels that went off on `schedule_day`
        self.schedule_day = 0
        self.agents: dict[str, tuple[str | None, int | None]] = {}  # address -> name, valid until

    def enter(self, order: Order) -> None:
        """Remember a new order by oid and cloid."""
        self.by_oid[order.oid] = order
        if order.cloid is not None:
            self.by_cloid[order.cloid] = order

    def retire(self, order: Order) -> None:
        """An order is over: keep it among the last 2 000, forget the oldest."""
        self.live.pop(order.oid, None)
        finished = self.finished
        finished.append(order)
        if len(finished) > FINISHED_KEPT:
            old = finished.popleft()
            del self.by_oid[old.oid]
            if old.cloid is not None and self.by_cloid.get(old.cloid) is old:
                del self.by_cloid[old.cloid]

    def latest_fills(self, count: int) -> list[Fill]:
        """Newest first."""
        return list(islice(reversed(self.fills), count))
