"""Whatever is done to the exchange, in whatever order: not a micro-dollar and not a lot is lost or made."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from strandloom.exchange import audit
from strandloom.exchange import commands as c
from strandloom.exchange.asset import MICRO
from strandloom.exchange.engine import Engine
from strandloom.exchange.events import FundingPaid, Moved
from strandloom.exchange.keep.codec import decode, encode
from strandloom.exchange.keep.snapshot import freeze, thaw
from strandloom.exchange.rules import Rules

START = 1_700_000_000_000 // 3_600_000 * 3_600_000
USERS = st.sampled_from(["0xa", "0xb", "0xc", "0xd"])
ASSETS = st.sampled_from([0, 1, 2])
BASE = (100, 2_000, 5)  # dollars, about
SIDES = st.booleans()
OFFSETS = st.integers(-300, 300)  # of a price, in hundredths of a percent
SOME_OFFSETS = st.lists(OFFSETS, min_size=2, max_size=6)
SIZES = st.integers(1, 400)  # of a position, in tenths of fifty dollars
RARELY = st.integers(0, 7).map(lambda drawn: drawn == 5)
RULES = Rules(schedule_volume_usd=0, partial_liquidation_usd=2_000 * MICRO, max_open_orders=40)


class Exchange(RuleBasedStateMachine):
    """Every kind of command, three assets (one isolated only, one with tiers), four users, moving prices."""

    @initialize()
    def open(self) -> None:
        self.engine = Engine(RULES)
        self.twin = Engine(RULES)  # hears everything through the codec, and is frozen and thawed on the way
        self.at = START
        self.prices = [float(base) for base in BASE]
        self.nonce = 0
        self.do(c.ListAsset(self.at, "ACE", 2, 20))
        self.do(c.ListAsset(self.at, "BAR", 4, 40, ((0, 40), (3_000 * MICRO, 10))))
        self.do(c.ListAsset(self.at, "COD", 0, 10, only_isolated=True))
        for user in ("0xa", "0xb", "0xc"):
            self.do(c.Deposit(self.at, user, 3_000 * MICRO))
        for _ in range(2):
            self.minute([0, 0, 0], 30, 500, [0, 0, 0])

    def do(self, command: c.Command) -> Any:
        outcome = self.engine.apply(command)
        again = self.twin.apply(decode(encode(command)))
        assert outcome.reply == again.reply
        assert len(outcome.events) == len(again.events)
        for event in outcome.events:
            if isinstance(event, FundingPaid | Moved):
                assert isinstance(event.usd, int)
        return outcome.reply

    def price(self, asset: int, offset: int) -> int:
        """A legal price near the market, in the units of a command."""
        fixed = self.engine.assets()[asset]
        px = max(1, round(self.prices[asset] * (1 + offset / 10_000) * fixed.whole))
        step = fixed.step(px)
        return max(step, px // step * step) * fixed.px_cut

    def size(self, asset: int, tenths: int) -> int:
        """About so many times five dollars, in the units of a command."""
        fixed = self.engine.assets()[asset]
        return max(1, round(tenths * 5 / self.prices[asset] * fixed.lots)) * fixed.sz_cut

    def ask(
        self, asset: int, buys: bool, offset: int, tenths: int, tif: c.Tif, ro: bool, cloid: str | None
    ) -> c.Ask:
        return c.Ask(asset, buys, self.price(asset, offset), self.size(asset, tenths), tif, ro, cloid)

    def trigger(
        self, asset: int, buys: bool, away: int, tenths: int, tpsl: Any, market: bool, ro: bool
    ) -> c.Ask:
        up = (tpsl == "sl") == buys
        at = self.price(asset, away if up else -away)
        limit = self.price(asset, (away if up else -away) + (900 if buys else -900))
        size = self.size(asset, tenths)
        return c.Ask(asset, buys, limit, size, "Gtc", ro, None, c.Trigger(at, market, tpsl))

    @rule(
        user=USERS,
        asset=ASSETS,
        buys=SIDES,
        offset=OFFSETS,
        tenths=SIZES,
        tif=st.sampled_from(["Gtc", "Ioc", "Alo", "FrontendMarket"]),
        ro=st.booleans(),
        cloid=st.sampled_from([None, "0x1", "0x2"]),
    )
    def place(self, user: str, **what: Any) -> None:
        self.do(c.Place(self.at, user, (self.ask(**what),)))

    @rule(
        user=USERS, asset=ASSETS, buys=SIDES, offsets=st.lists(OFFSETS, min_size=2, max_size=6), tenths=SIZES
    )
    def place_many(self, user: str, asset: int, buys: bool, offsets: list[int], tenths: int) -> None:
        asks = tuple(
            self.ask(asset, buys == (n % 2 == 0), offset, tenths, "Gtc", False, None)
            for n, offset in enumerate(offsets)
        )
        self.do(c.Place(self.at, user, asks))

    @rule(user=USERS, asset=ASSETS, buys=SIDES, tenths=st.integers(50, 3_000))
    def plunge(self, user: str, asset: int, buys: bool, tenths: int) -> None:
        offset = 900 if buys else -900
        self.do(c.Place(self.at, user, (self.ask(asset, buys, offset, tenths, "Ioc", False, None),)))

    @rule(
        user=USERS,
        asset=ASSETS,
        buys=SIDES,
        away=st.integers(1, 400),
        tenths=SIZES,
        tpsl=st.sampled_from(["tp", "sl"]),
        market=st.booleans(),
        ro=st.booleans(),
    )
    def arm(
        self, user: str, asset: int, buys: bool, away: int, tenths: int, tpsl: Any, market: bool, ro: bool
    ) -> None:
        self.do(c.Place(self.at, user, (self.trigger(asset, buys, away, tenths, tpsl, market, ro),)))

    @rule(user=USERS, asset=ASSETS, buys=SIDES, offset=OFFSETS, away=st.integers(1, 400), tenths=SIZES)
    def place_family(self, user: str, asset: int, buys: bool, offset: int, away: int, tenths: int) -> None:
        parent = self.ask(asset, buys, offset, tenths, "Gtc", False, None)
        stop = self.trigger(asset, not buys, away + 300, tenths, "sl", True, True)
        target = self.trigger(asset, not buys, away + 300, tenths, "tp", False, True)
        self.do(c.Place(self.at, user, (parent, stop, target), "normalTpsl"))

    @rule(user=USERS, asset=ASSETS, buys=SIDES, away=st.integers(1, 400))
    def guard_position(self, user: str, asset: int, buys: bool, away: int) -> None:
        stop = self.trigger(asset, buys, away, 1, "sl", True, True)._replace(sz=0)
        target = self.trigger(asset, buys, away, 1, "tp", True, True)._replace(sz=0)
        self.do(c.Place(self.at, user, (stop, target), "positionTpsl"))

    def live(self, user: str) -> list[Any]:
        account = self.engine.state.accounts.get(user)
        return list(account.live.values()) if account else []

    @rule(user=USERS, pick=st.integers(0, 50))
    def cancel(self, user: str, pick: int) -> None:
        live = self.live(user)
        order = live[pick % len(live)] if live else None
        self.do(c.Cancel(self.at, user, ((order.asset, order.oid) if order else (0, pick),)))

    @rule(user=USERS, asset=ASSETS, cloid=st.sampled_from(["0x1", "0x2"]))
    def cancel_by_cloid(self, user: str, asset: int, cloid: str) -> None:
        self.do(c.CancelByCloid(self.at, user, ((asset, cloid),)))

    @rule(user=USERS, pick=st.integers(0, 50), offset=OFFSETS, tenths=SIZES, always=st.booleans())
    def modify(self, user: str, pick: int, offset: int, tenths: int, always: bool) -> None:
        live = self.live(user)
        if not live:
            return
        order = live[pick % len(live)]
        ask = self.ask(order.asset, order.is_buy, offset, tenths, "Gtc", order.reduce_only, order.cloid)
        if order.is_trigger:
            fixed = self.engine.assets()[order.asset]
            ask = ask._replace(
                trigger=c.Trigger(order.trigger_px * fixed.px_cut, order.is_market, order.tpsl)
            )
        self.do(c.Modify(self.at, user, (c.Change(order.oid, ask),), always))

    @rule(user=USERS, wait_s=st.integers(1, 600))
    def schedule_cancel(self, user: str, wait_s: int) -> None:
        self.do(c.ScheduleCancel(self.at, user, self.at + wait_s * 1_000))

    @rule(user=USERS)
    def unschedule(self, user: str) -> None:
        self.do(c.ScheduleCancel(self.at, user, None))

    @rule(user=USERS, asset=ASSETS, cross=st.booleans(), leverage=st.integers(0, 41))
    def update_leverage(self, user: str, asset: int, cross: bool, leverage: int) -> None:
        self.do(c.UpdateLeverage(self.at, user, asset, cross, leverage))

    @rule(user=USERS, asset=ASSETS, usd=st.integers(-2_000 * MICRO, 2_000 * MICRO))
    def update_isolated_margin(self, user: str, asset: int, usd: int) -> None:
        self.do(c.UpdateIsolatedMargin(self.at, user, asset, usd))

    @rule(user=USERS, usd=st.integers(0, 5_000 * MICRO))
    def deposit(self, user: str, usd: int) -> None:
        self.do(c.Deposit(self.at, user, usd))

    @rule(user=USERS, usd=st.integers(0, 5_000 * MICRO))
    def withdraw(self, user: str, usd: int) -> None:
        self.do(c.Withdraw(self.at, user, usd))

    @rule(user=USERS, to=USERS, usd=st.integers(0, 5_000 * MICRO))
    def send(self, user: str, to: str, usd: int) -> None:
        self.do(c.UsdSend(self.at, user, to, usd))

    @rule(user=USERS, agent=st.sampled_from(["0xe", "0xf"]), name=st.sampled_from([None, "bot"]))
    def approve_agent(self, user: str, agent: str, name: str | None) -> None:
        self.do(c.ApproveAgent(self.at, user, agent, name))

    @rule(signer=USERS, ahead=st.integers(0, 2))
    def use_nonce(self, signer: str, ahead: int) -> None:
        self.nonce += ahead
        self.do(c.UseNonce(self.at, signer, self.at + self.nonce))

    @rule(user=USERS)
    def noop(self, user: str) -> None:
        self.do(c.Noop(self.at, user, expires_after=self.at - 1))

    @rule(
        moves=st.lists(st.integers(-800, 800), min_size=3, max_size=3),
        wicks=st.integers(0, 150),
        volume=st.integers(0, 3_000),
        gaps=st.lists(st.integers(-200, 200), min_size=3, max_size=3),
    )
    def minute(self, moves: list[int], wicks: int, volume: int, gaps: list[int]) -> None:
        self.at += 60_000 - self.at % 60_000
        bars = []
        for asset, (move, gap) in enumerate(zip(moves, gaps, strict=True)):
            fixed = self.engine.assets()[asset]
            open_ = self.prices[asset] * (1 + gap / 10_000)
            close = open_ * (1 + move / 10_000)
            high, low = max(open_, close) * (1 + wicks / 10_000), min(open_, close) * (1 - wicks / 10_000)
            o, h, lo, cl = (max(1, round(px * fixed.whole)) for px in (open_, high, low, close))
            bars.append(c.PathBar(asset, o, h, lo, cl, round(volume * fixed.lots / self.prices[asset])))
            self.prices[asset] = max(close, BASE[asset] / 20)
        self.do(c.MarketBars(self.at, tuple(bars)))

    @rule(asset=ASSETS, move=st.integers(-600, 600), with_mark=st.booleans(), lots=st.integers(0, 5_000))
    def quote(self, asset: int, move: int, with_mark: bool, lots: int) -> None:
        self.at += 500
        self.prices[asset] = max(self.prices[asset] * (1 + move / 10_000), BASE[asset] / 20)
        fixed = self.engine.assets()[asset]
        px = max(3, round(self.prices[asset] * fixed.whole))
        self.do(c.MarketQuote(self.at, asset, px - 1, lots, px + 1, lots, px + 2 if with_mark else 0))

    @rule(asset=ASSETS, crash=st.sampled_from([-60, -40, 40, 60]))
    def gap(self, asset: int, crash: int) -> None:
        self.quote(asset, crash * 100, False, 1_000)

    @rule(seconds=st.integers(1, 7_200))
    def tick(self, seconds: int) -> None:
        self.at += seconds * 1_000
        self.do(c.Tick(self.at))

    @rule(
        asset=ASSETS,
        cap=st.sampled_from([None] * 6 + [0, 500]),
        growth=st.sampled_from([None] * 6 + [10]),
    )
    def set_caps(self, asset: int, cap: int | None, growth: int | None) -> None:
        self.do(c.SetCaps(self.at, asset, cap, growth))

    @rule(really=RARELY)
    def halt(self, really: bool) -> None:
        self.do(c.HaltTrading(self.at, really))

    @rule(user=st.sampled_from([None, "0xa"]), really=RARELY)
    def cancel_all(self, user: str | None, really: bool) -> None:
        self.do(c.CancelAll(self.at, user if really else "0xd"))

    @rule(user=USERS, really=RARELY)
    def force_liquidation(self, user: str, really: bool) -> None:
        self.do(c.ForceLiquidation(self.at, user if really else "nobody"))

    @precondition(lambda self: not self.engine.is_delisted(2))
    @rule(really=RARELY)
    def delist(self, really: bool) -> None:
        if really:
            self.do(c.Delist(self.at, 2))

    @rule()
    def restart_the_twin(self) -> None:
        self.twin = Engine(state=thaw(freeze(self.twin.state)))

    @invariant()
    def nothing_is_lost_or_made(self) -> None:
        if hasattr(self, "engine"):
            assert audit.money(self.engine.state) == 0
            assert not any(audit.lots(self.engine.state))

    @invariant()
    def the_twin_is_the_same_to_the_bit(self) -> None:
        if hasattr(self, "engine"):
            assert freeze(self.engine.state) == freeze(self.twin.state)

    @invariant()
    def the_books_agree_with_each_other(self) -> None:
        if not hasattr(self, "engine"):
            return
        state = self.engine.state
        for account in state.accounts.values():
            assert account.cash >= 0 or account.cross, "only an open cross position may be in debt"
            live = {oid for stake in account.stakes.values() for oid in (*stake.orders, *stake.triggers)}
            live |= {oid for oid, order in account.live.items() if order.waits}
            assert live == set(account.live)
            for stake in account.stakes.values():
                assert (stake.szi == 0) <= (stake.cost == 0 and (stake.is_cross or stake.cash == 0))
                assert (stake.asset in account.cross) == bool(stake.szi and stake.is_cross)
                assert stake.reducing == sum(order.reduce_only for order in stake.orders.values())
                for order in stake.orders.values():
                    assert 0 < order.left <= order.sz
                    assert not order.reduce_only or 0 < order.left <= (
                        -stake.szi if order.is_buy else stake.szi
                    )
        for market in state.markets:
            resting = {o.oid for stake in market.stakes.values() for o in stake.orders.values()}
            sides = (market.bid_users, market.ask_users)
            booked = {oid for side in sides for level in side.levels.values() for oid in level}
            assert resting == booked
            assert all(side.keys == sorted(side.sign * px for px in side.levels) for side in sides)
            everyone = (*state.accounts.values(), state.insurance)
            held = [a.stakes[market.asset.index].szi for a in everyone if market.asset.index in a.stakes]
            assert sum(map(abs, held)) == market.users_interest


TestExchange = Exchange.TestCase
