"""No wishful thinking: no fill at a price the path did not reach, beyond the volume, or past the limit."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from strandloom.exchange import commands as c
from strandloom.exchange import minute as minute_room
from strandloom.exchange.asset import MICRO, Asset
from strandloom.exchange.engine import Engine
from strandloom.exchange.events import Fill
from strandloom.exchange.keep.snapshot import freeze
from strandloom.exchange.order import Order
from strandloom.exchange.views import LevelView

START = 1_700_000_000_000 // 3_600_000 * 3_600_000
USERS = ("0xa", "0xb")


@dataclass(frozen=True)
class Minute:
    """What is placed before a bar, and the bar, in steps around the last close."""

    orders: list[tuple[int, bool, int, int, str, bool]]  # user, buys, steps, size, kind, reduce-only
    gap: int
    move: int
    up: int
    down: int
    volume: int


ORDERS = st.tuples(
    st.integers(0, 1),
    st.booleans(),
    st.integers(-60, 60),
    st.integers(20, 4_000),
    st.sampled_from(["Gtc", "Ioc", "sl", "tp", "sl limit", "tp limit"]),
    st.booleans(),
)
MINUTES = st.builds(
    Minute,
    orders=st.lists(ORDERS, max_size=5),
    gap=st.integers(-15, 15),
    move=st.integers(-50, 50),
    up=st.integers(0, 30),
    down=st.integers(0, 30),
    volume=st.sampled_from([0, 100, 5_000, 50_000, 400_000]),
)


@given(st.lists(MINUTES, min_size=2, max_size=12))
def test_every_fill_could_have_happened(minutes: list[Minute]) -> None:
    live(minutes)


@given(st.lists(MINUTES, min_size=2, max_size=12))
def test_the_quick_look_finds_calm_only_where_the_long_walk_changes_nothing(minutes: list[Minute]) -> None:
    quick = live(minutes)
    with patch.object(minute_room, "is_calm", lambda *_: False):
        thorough = live(minutes)
    assert freeze(quick.state) == freeze(thorough.state)


def live(minutes: list[Minute]) -> Engine:
    """Place, let the bar pass, check every fill; returns the exchange at the end."""
    engine, at, close = Engine(), START, 1_000_000
    engine.apply(c.ListAsset(at, "ACE", 2, 20))
    for user in USERS:
        engine.apply(c.Deposit(at, user, 100_000 * MICRO))
    calm = c.PathBar(0, close, close + 300, close - 300, close, 100_000)
    engine.apply(c.MarketBars(at, (calm,)))
    asset = engine.assets()[0]
    for minute in minutes:
        at += 60_000
        for order in minute.orders:
            place_and_check(engine, at, close, order)
        opened = max(20_000, close + minute.gap * 100)
        close = max(20_000, opened + minute.move * 100)
        high, low = max(opened, close) + minute.up * 100, min(opened, close) - minute.down * 100
        bar = c.PathBar(0, opened, high, max(100, low), close, minute.volume)
        held = {user: stake_lots(engine, user) for user in USERS}
        orders = {oid: o for a in engine.state.accounts.values() for oid, o in a.live.items()}
        fills = [e for e in engine.apply(c.MarketBars(at, (bar,))).events if isinstance(e, Fill)]
        check_bar(asset, bar, fills, orders, held)
    return engine


def stake_lots(engine: Engine, user: str) -> int:
    stake = engine.state.accounts[user].stakes.get(0)
    return stake.szi if stake else 0


def place_and_check(engine: Engine, at: int, close: int, order: tuple[Any, ...]) -> None:
    """A crossing order gets what a plain walk over the shown book gives, level by level."""
    number, buys, steps, size, kind, ro = order
    cut = engine.assets()[0].px_cut
    px = (close + steps * 100) // 100 * 100
    trigger = None
    if kind not in ("Gtc", "Ioc"):
        trigger = c.Trigger(px * cut, "limit" not in kind, kind[:2])
        px = px // 10 * 9 // 100 * 100 if not buys and "limit" not in kind else px
        px = px // 10 * 11 // 100 * 100 if buys and "limit" not in kind else px
    tif: Any = kind if trigger is None else "Gtc"
    ask = c.Ask(0, buys, px * cut, size * 10**6, tif, ro, None, trigger)
    user = USERS[number]
    own = {o.px for o in engine.state.accounts[user].live.values() if not o.is_trigger}
    before = engine.book(0, 10_000)
    fills = [e for e in engine.apply(c.Place(at, user, (ask,))).events if isinstance(e, Fill) and e.crossed]
    if not fills or own:
        return  # own orders are stepped over, which the plain walk below does not know
    levels = before.asks if buys else before.bids
    taken = [(engine.assets()[0].price(f.px), engine.assets()[0].size(f.sz)) for f in fills]
    assert merged(taken) == plain_walk(levels, buys, engine.assets()[0].price(px), sum(s for _, s in taken))


def plain_walk(
    levels: tuple[LevelView, ...], buys: bool, limit: Decimal, want: Decimal
) -> list[tuple[Decimal, Decimal]]:
    """The slow, obviously right way to cross a book."""
    got = []
    for level in levels:
        if want > 0 and (level.px <= limit if buys else level.px >= limit):
            got.append((level.px, min(level.sz, want)))
            want -= got[-1][1]
    return got


def merged(taken: list[tuple[Decimal, Decimal]]) -> list[tuple[Decimal, Decimal]]:
    """Takes at one price as one."""
    sums: dict[Decimal, Decimal] = {}
    for px, sz in taken:
        sums[px] = sums.get(px, Decimal(0)) + sz
    return list(sums.items())


def check_bar(
    asset: Asset, bar: c.PathBar, fills: list[Fill], orders: dict[int, Order], held: dict[str, int]
) -> None:
    """Resting fills against path and volume; fired orders against trigger, gap and limit."""
    made = [fill for fill in fills if not fill.crossed]
    assert sum(fill.sz for fill in made) <= bar.volume // 10
    entered: set[str] = set()
    for fill in fills:
        order = orders.get(fill.oid)
        grows = abs(fill.start_szi + (fill.sz if fill.is_buy else -fill.sz)) > abs(fill.start_szi)
        if order is not None and not fill.crossed:
            assert fill.px == order.px
            assert bar.low <= fill.px if fill.is_buy else bar.high >= fill.px
        elif order is not None:
            check_fired(bar, fill, order)
        if fill.user in entered and not grows:
            assert order is not None
            assert order.tpsl == "sl" or fill.liquidation, "profit is taken from the next bar on"
        if grows:
            entered.add(fill.user)


def check_fired(bar: c.PathBar, fill: Fill, order: Order) -> None:
    """Never better than the trigger (the open, if the bar opened beyond it), never past the limit."""
    assert bar.low <= order.trigger_px if order.fires_below else bar.high >= order.trigger_px
    beyond = bar.open < order.trigger_px if order.fires_below else bar.open > order.trigger_px
    first = bar.open if beyond else order.trigger_px
    assert fill.px >= first if fill.is_buy else fill.px <= first
    assert fill.px <= order.px if fill.is_buy else fill.px >= order.px
