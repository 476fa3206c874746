"""A closed minute: the exposed accounts live through it, then it is history and the next book may know it."""

from strandloom.exchange.account import Account, Stake
from strandloom.exchange.calm import is_calm
from strandloom.exchange.commands import MarketBars, PathBar
from strandloom.exchange.lane import MINUTE_MS, Lane
from strandloom.exchange.liquidate import liquidate
from strandloom.exchange.margin import is_below
from strandloom.exchange.market import Candle, Market
from strandloom.exchange.order import Order
from strandloom.exchange.path import Place, walk
from strandloom.exchange.state import State
from strandloom.exchange.trigger import fire, reached


def run(state: State, command: MarketBars) -> None:
    """Every asset's bar of one minute: the exposed accounts live through it, then it is history."""
    at = command.at
    lanes: list[tuple[Market, Lane]] = []
    for bar in command.bars:
        market = state.markets[bar.asset]
        if market.delisted or at <= market.bar_at:
            continue  # nothing to move any more, or a minute that was told before
        if market.stakes:
            lanes.append((market, enter(state, market, bar, at)))
        else:
            close(market, bar, at)
    touched = live_through(state, at, lanes) if lanes else []
    state.now = max(state.now, at + MINUTE_MS - 1)
    for market, lane, stake in touched:
        late(state, market, lane, stake)


def enter(state: State, market: Market, bar: PathBar, at: int) -> Lane:
    """The allowance of resting orders: a share of the volume, less what quotes filled in that minute."""
    left = bar.volume * state.rules.volume_share_pct // 100
    if market.quote_minute == at // MINUTE_MS:
        left = max(0, left - market.quote_filled)
    basis = bar.mark - bar.close if bar.mark else 0
    return Lane(bar, at, left, basis, by_path=market.quoted_at < at)


def close(market: Market, bar: PathBar, at: int) -> None:
    """The bar is over: prices move to its end, and the next book may know it."""
    market.learn(at, Candle(at, bar.open, bar.high, bar.low, bar.close, bar.volume, bar.trades))
    if bar.open_interest:
        market.known_interest = bar.open_interest
    if bar.funding is not None:
        market.funding_rate = bar.funding
    if market.quoted_at >= at + MINUTE_MS:
        return  # a quote has already told what came after
    market.quote = None
    market.price = market.last = bar.close
    market.mark = bar.mark or bar.close
    market.oracle = bar.oracle or market.mark
    if bar.oracle:
        premium = (bar.close - bar.oracle) * 10_000_000_000 // bar.oracle
        market.premium_sum += premium
        market.premium_count += 1
        market.premium_last = premium


def live_through(state: State, at: int, lanes: list[tuple[Market, Lane]]) -> list[Place]:
    """Account by account, those with the oldest orders first; returns where anything could have happened."""
    began = state.now
    users = _exposed(lanes)
    touched: list[Place] = []
    order = list(users) if len(users) == 1 else sorted(users, key=lambda user: _age(state, users[user]))
    for user in order:
        account, places = state.accounts[user], users[user]
        if not is_calm(state, account, places):
            _live(state, account, at, began, places)
            touched += places
    for market, lane in lanes:
        close(market, lane.bar, at)
    return touched


def _live(state: State, account: Account, at: int, began: int, places: list[Place]) -> None:
    """One account walks the path; the next begins the minute where the market left the last one."""
    marks = [market.mark for market, _, _ in places]
    for market, lane, _ in places:
        market.lane = lane
    walk(state, account, at, began, places)
    for (market, _, _), mark in zip(places, marks, strict=True):
        market.lane = None
        market.mark = mark


def _exposed(lanes: list[tuple[Market, Lane]]) -> dict[str, list[Place]]:
    """Who has something that these bars could touch."""
    users: dict[str, list[Place]] = {}
    for market, lane in lanes:
        idle = []
        for user, stake in market.stakes.items():
            if stake.szi or stake.orders or stake.triggers:
                users.setdefault(user, []).append((market, lane, stake))
            else:
                idle.append(user)
        for user in idle:
            del market.stakes[user]
    return users


def _age(state: State, places: list[Place]) -> tuple[int, int]:
    """The oid of an account's oldest order in these assets."""
    oids = [oid for _, _, stake in places for oid in (*stake.orders, *stake.triggers)]
    return min(oids, default=1 << 62), state.accounts[places[0][2].user].number


def late(state: State, market: Market, lane: Lane, stake: Stake) -> None:
    """What came to life while the bar was running has not seen its path, but it sees its end."""
    if market.quoted_at >= lane.at + MINUTE_MS:
        return
    account = state.accounts[stake.user]
    for order in list(stake.triggers.values()):
        due = order.oid in stake.triggers and _saw_only_the_end(lane, stake, order)
        if due and reached(order, market.mark):
            fire(state, account, stake, market, order, False)
    if stake.szi and is_below(account, stake, state):
        liquidate(state, account, stake)


def _saw_only_the_end(lane: Lane, stake: Stake, order: Order) -> bool:
    if stake.entered_bar == lane.at and order.tpsl == "tp":
        return False
    return order.live_from > lane.at or not lane.by_path
