"""A trading floor for tests: short words for commands, and conservation checked after every one."""

from typing import Literal

from strandloom.exchange import audit
from strandloom.exchange import commands as c
from strandloom.exchange.asset import MICRO, e8
from strandloom.exchange.engine import Engine
from strandloom.exchange.events import Fill, OrderChanged
from strandloom.exchange.replies import Err, Failed, Outcome, Resting, Status, Statuses
from strandloom.exchange.rules import Rules

START = 1_700_000_100_000 // 3_600_000 * 3_600_000  # a full hour
ANN, BOB, CYD = "0xa", "0xb", "0xc"
Price = str | int | float


class Floor:
    """One engine with the perpetual ACE: lots of 0.01, prices of 0.01 around 100, at most 20x."""

    def __init__(
        self,
        rules: Rules | None = None,
        cash: int = 10_000,
        leverage: int = 20,
        tiers: tuple[tuple[int, int], ...] = (),
        only_isolated: bool = False,
    ) -> None:
        self.engine = Engine(rules)
        self.at = START
        self.last: Outcome
        self.do(c.ListAsset(self.at, "ACE", 2, leverage, tiers, 0, only_isolated))
        for user in (ANN, BOB):
            self.do(c.Deposit(self.at, user, cash * MICRO))

    def do(self, command: c.Command) -> Outcome:
        """Apply, and count the money."""
        self.last = self.engine.apply(command)
        assert audit.money(self.engine.state) == 0
        assert not any(audit.lots(self.engine.state))
        return self.last

    def bar(
        self,
        open: Price,
        high: Price,
        low: Price,
        close: Price,
        volume: int = 1_000,
        asset: int = 0,
        mark: Price = 0,
        oracle: Price = 0,
        funding: int | None = None,
    ) -> Outcome:
        """The next minute closes; time stands at its end."""
        ticks = [self.ticks(asset, px) for px in (open, high, low, close)]
        lots = volume * self.engine.assets()[asset].lots
        extra = {"mark": self.ticks(asset, mark), "oracle": self.ticks(asset, oracle), "funding": funding}
        path = c.PathBar(asset, *ticks, lots, **extra)
        told = self.do(c.MarketBars(self.at, (path,)))
        self.at += 60_000
        return told

    def quote(self, bid: Price, ask: Price, size: int = 1_000, mark: Price = 0) -> Outcome:
        """A quote now."""
        lots = size * 100
        px = [self.ticks(0, value) for value in (bid, ask, mark)]
        return self.do(c.MarketQuote(self.at, 0, px[0], lots, px[1], lots, px[2]))

    def ticks(self, asset: int, px: Price) -> int:
        return e8(str(px)) // self.engine.assets()[asset].px_cut

    def ask(
        self,
        side: Literal["buy", "sell"],
        px: Price,
        sz: Price,
        tif: c.Tif = "Gtc",
        ro: bool = False,
        cloid: str | None = None,
        asset: int = 0,
    ) -> c.Ask:
        return c.Ask(asset, side == "buy", e8(str(px)), e8(str(sz)), tif, ro, cloid)

    def stop(
        self,
        side: Literal["buy", "sell"],
        trigger: Price,
        sz: Price,
        px: Price | None = None,
        tpsl: Literal["tp", "sl"] = "sl",
        market: bool = True,
        ro: bool = True,
        cloid: str | None = None,
    ) -> c.Ask:
        """A trigger order; market ones may slip by a tenth unless told otherwise."""
        limit = px if px is not None else round(float(trigger) * (1.1 if side == "buy" else 0.9), 2)
        return c.Ask(
            0,
            side == "buy",
            e8(str(limit)),
            e8(str(sz)),
            "Gtc",
            ro,
            cloid,
            c.Trigger(e8(str(trigger)), market, tpsl),
        )

    def target(self, side: Literal["buy", "sell"], trigger: Price, sz: Price, **more: object) -> c.Ask:
        """A take-profit."""
        return self.stop(side, trigger, sz, tpsl="tp", **more)  # type: ignore[arg-type]

    def place(self, *asks: c.Ask, user: str = ANN, grouping: c.Grouping = "na") -> list[Status]:
        """Statuses, or the whole action's refusal as one Failed."""
        reply = self.do(c.Place(self.at, user, asks, grouping)).reply
        if isinstance(reply, Err):
            return [Failed(reply.message)]
        assert isinstance(reply, Statuses)
        return list(reply.statuses)

    def one(self, ask: c.Ask, user: str = ANN) -> Status:
        """The status of a single order."""
        (status,) = self.place(ask, user=user)
        return status

    def rest(self, ask: c.Ask, user: str = ANN) -> int:
        """Place an order that must rest; returns its oid."""
        status = self.one(ask, user)
        assert isinstance(status, Resting), status
        return status.oid

    def error(self, ask: c.Ask, user: str = ANN) -> str:
        """Place an order that must be refused; returns the words."""
        status = self.one(ask, user)
        assert isinstance(status, Failed), status
        return status.error

    def fills(self, outcome: Outcome | None = None) -> list[Fill]:
        """The fills of the last command."""
        return [event for event in (outcome or self.last).events if isinstance(event, Fill)]

    def told(self, outcome: Outcome | None = None) -> list[tuple[int, str]]:
        """(oid, status) of every order change of the last command."""
        events = (outcome or self.last).events
        return [(event.order.oid, event.status) for event in events if isinstance(event, OrderChanged)]

    def status(self, oid: int, user: str = ANN) -> str:
        found = self.engine.order(user, oid)
        return "unknownOid" if found is None else found.status

    def lots(self, user: str = ANN, asset: int = 0) -> int:
        stake = self.engine.state.accounts[user].stakes.get(asset)
        return stake.szi if stake else 0

    def px(self, ticks: int, asset: int = 0) -> float:
        return float(self.engine.assets()[asset].price(ticks))


def quiet_floor(**more: object) -> Floor:
    """A floor whose market has traded at 100 for a while: touch 99.99 to 100.01, twenty units there."""
    floor = Floor(**more)  # type: ignore[arg-type]
    for _ in range(3):
        floor.bar("100", "100", "100", "100")
    return floor
