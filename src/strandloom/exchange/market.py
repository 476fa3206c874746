"""One asset as it stands: prices, the synthetic book, the users' book, and who is exposed to it."""

from collections import deque
from typing import NamedTuple

from strandloom.exchange.account import Stake
from strandloom.exchange.asset import Asset
from strandloom.exchange.events import FundingSettled, Trade
from strandloom.exchange.ladder import Ladder
from strandloom.exchange.lane import Lane
from strandloom.exchange.rules import Depth
from strandloom.exchange.side import Side

BARS_KEPT = 5_000
TRADES_KEPT = 200
RATES_KEPT = 5_000


class Candle(NamedTuple):
    """A closed minute, kept for the questions about candles."""

    at: int
    open: int
    high: int
    low: int
    close: int
    volume: int
    trades: int


class Market:
    """`price` is where the market stands, `mark` values positions, `oracle` pays funding."""

    __slots__ = (
        "ask_users",
        "asks",
        "asset",
        "bar_at",
        "bars",
        "bid_users",
        "bids",
        "delisted",
        "depth",
        "funding_rate",
        "growth_cap",
        "growth_from",
        "growth_minute",
        "interest_cap",
        "known_interest",
        "lane",
        "last",
        "last_volume",
        "mark",
        "oracle",
        "premium_count",
        "premium_last",
        "premium_sum",
        "price",
        "quote",
        "quote_filled",
        "quote_minute",
        "quoted_at",
        "range_avg",
        "rates",
        "stakes",
        "stale",
        "szi",
        "trades",
        "users_interest",
        "volume_avg",
    )

    def __init__(self, asset: Asset, depth: Depth) -> None:
        self.asset = asset
        self.depth = depth
        self.price = 0  # the last price of the market's path or quote; 0: no data yet
        self.mark = 0
        self.oracle = 0
        self.last = 0  # the last trade on this exchange, else the market's
        self.bar_at = -1  # opening time of the last bar
        self.last_volume = 0
        self.range_avg = 0  # averages are scaled by 256
        self.volume_avg = 0
        self.bars: deque[Candle] = deque(maxlen=BARS_KEPT)
        self.quote: tuple[int, int, int, int] | None = None  # newer than the last bar
        self.quoted_at = -1
        self.quote_minute = -1
        self.quote_filled = 0  # lots that quotes filled in `quote_minute`
        self.stale = False  # the ladders are to be drawn anew
        self.bids = Ladder(-1)
        self.asks = Ladder(1)
        self.bid_users = Side(1)
        self.ask_users = Side(-1)
        self.stakes: dict[str, Stake] = {}  # those that a move could touch
        self.lane: Lane | None = None  # the bar whose path is being lived through
        self.trades: deque[Trade] = deque(maxlen=TRADES_KEPT)
        self.szi = 0  # what the market itself holds against the users
        self.users_interest = 0  # sum of the users' positions, either side
        self.known_interest = 0  # as the feed tells it
        self.interest_cap: int | None = None
        self.growth_cap: int | None = None
        self.growth_minute = -1
        self.growth_from = 0  # users' interest when `growth_minute` began
        self.funding_rate: int | None = None  # as the feed tells it
        self.premium_sum = 0
        self.premium_count = 0
        self.premium_last: int | None = None
        self.rates: deque[FundingSettled] = deque(maxlen=RATES_KEPT)
        self.delisted = False

    def refresh(self) -> None:
        """Draw the synthetic book from what is known: the quote, else the last closed bar."""
        self.stale = False
        if not self.price:
            return
        depth, price = self.depth, self.price
        half = max(1, self.range_avg * depth.spread_permille // 512_000)
        touch = self.touch_lots()
        if self.quote is not None:
            bid, bid_lots, ask, ask_lots = self.quote
            step = self.ladder_step(ask)
        else:
            step, legal = self.ladder_step(price + half), self.asset.step(price + half)
            bid = (price - half) // legal * legal
            ask = -(-(price + half) // legal) * legal
            bid_lots = ask_lots = touch
        self.bids.draw(bid, step, bid_lots, touch, depth)
        self.asks.draw(ask, step, ask_lots, touch, depth)

    def touch_lots(self) -> int:
        """Lots at the touch, from the average volume of the bars so far."""
        if not self.volume_avg:
            return 0
        return max(1, self.volume_avg * self.depth.touch_permille // 256_000)

    def ladder_step(self, px: int) -> int:
        """Levels lie half a spread apart, on legal prices."""
        half = max(1, self.range_avg * self.depth.spread_permille // 512_000)
        legal = self.asset.step(px + 2 * half * self.depth.levels)
        return -(-half // legal) * legal

    def best_bid(self) -> int:
        """The best price one can sell at, or 0."""
        if self.stale:
            self.refresh()
        top = self.bids.top()
        keys = self.bid_users.keys
        return max(top, self.bid_users.best(self.asks.front())) if keys else top

    def best_ask(self) -> int:
        """The best price one can buy at, or 0."""
        if self.stale:
            self.refresh()
        top = self.asks.top()
        if not self.ask_users.keys:
            return top
        user = self.ask_users.best(self.bids.front())
        return min(top, user) if top and user else top or user

    def mid(self) -> tuple[int, int]:
        """Twice the mid price and 2, or the last price and 1 where a side is missing."""
        bid, ask = self.best_bid(), self.best_ask()
        return (bid + ask, 2) if bid and ask else (self.last or self.price, 1)

    def learn(self, at: int, candle: Candle) -> None:
        """Take a closed bar into the averages that the next book is drawn from."""
        wide, lots, memory = candle.high - candle.low << 8, candle.volume << 8, self.depth.memory_bars
        if self.bars:
            self.range_avg += (wide - self.range_avg) // memory
            self.volume_avg += (lots - self.volume_avg) // memory
        else:
            self.range_avg, self.volume_avg = wide, lots
        self.bars.append(candle)
        self.bar_at = at
        self.last_volume = candle.volume
        self.stale = True
