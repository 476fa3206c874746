"""The questions that the exchange answers; none of them changes anything."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import islice

from strandloom.exchange import agents
from strandloom.exchange.account import Account
from strandloom.exchange.asset import Asset, dollars
from strandloom.exchange.events import Fill, Moved
from strandloom.exchange.look import accounts, markets, orders
from strandloom.exchange.look import candles as candle
from strandloom.exchange.order import Order
from strandloom.exchange.rules import Rules
from strandloom.exchange.state import State
from strandloom.exchange.views import (
    AccountView,
    BookView,
    CandleView,
    ContextView,
    FeesView,
    FillView,
    FundingView,
    OrderView,
    RateView,
    TradeView,
)


class Look:
    """`port.Exchange` says what each question means."""

    def __init__(self, state: State) -> None:
        self.state = state

    @property
    def rules(self) -> Rules:
        return self.state.rules

    @property
    def now(self) -> int:
        return self.state.now

    @property
    def halted(self) -> bool:
        return self.state.halted

    def assets(self) -> Sequence[Asset]:
        return [market.asset for market in self.state.markets]

    def is_delisted(self, asset: int) -> bool:
        return self.state.markets[asset].delisted

    def asset_id(self, coin: str) -> int | None:
        return self.state.names.get(coin)

    def knows(self, user: str) -> bool:
        return user in self.state.accounts

    def account(self, user: str) -> AccountView:
        return accounts.account(self.state, user)

    def leverage(self, user: str, asset: int) -> tuple[bool, int]:
        stake = self.held(user).stakes.get(asset)
        if stake is not None:
            return stake.is_cross, stake.leverage
        fixed = self.state.markets[asset].asset
        return not fixed.only_isolated, min(self.state.rules.default_leverage, fixed.max_leverage)

    def open_orders(self, user: str) -> list[OrderView]:
        live = sorted(self.held(user).live.values(), key=lambda order: -order.oid)
        return [orders.order_view(self.state, order) for order in live]

    def order(self, user: str, ref: int | str) -> OrderView | None:
        found = orders.find(self.held(user), ref)
        return None if found is None else orders.order_view(self.state, found)

    def finished_orders(self, user: str) -> list[OrderView]:
        return [orders.order_view(self.state, order) for order in orders.history(self.held(user))]

    def fills(self, user: str, limit: int = 2_000) -> list[FillView]:
        return [self.fill_view(fill) for fill in self.held(user).latest_fills(limit)]

    def fills_between(
        self, user: str, start: int, end: int | None = None, limit: int = 2_000
    ) -> list[FillView]:
        found = accounts.fills_between(self.held(user), start, end, limit)
        return [self.fill_view(fill) for fill in found]

    def fundings(self, user: str, start: int, end: int | None = None, limit: int = 500) -> list[FundingView]:
        found = accounts.fundings_between(self.held(user), start, end, limit)
        all_markets = self.state.markets
        return [accounts.funding_view(all_markets[one.asset], one) for one in found]

    def moves(self, user: str, start: int, end: int | None = None, limit: int = 500) -> list[Moved]:
        chosen = (m for m in self.held(user).moves if m.at >= start and (end is None or m.at <= end))
        return list(islice(chosen, limit))

    def rates(self, asset: int, start: int, end: int | None = None, limit: int = 500) -> list[RateView]:
        return markets.rates(self.state.markets[asset], start, end, limit)

    def fees(self, user: str) -> FeesView:
        rules = self.state.rules
        return FeesView(
            taker=Decimal(rules.taker_fee).scaleb(-6),
            maker=Decimal(rules.maker_fee).scaleb(-6),
            volume=dollars(self.held(user).volume),
        )

    def agents(self, user: str) -> list[tuple[str, str | None, int | None]]:
        return [(agent, *known) for agent, known in self.held(user).agents.items()]

    def master(self, agent: str) -> str | None:
        return agents.master(self.state, agent)

    def mids(self) -> dict[str, str]:
        listed = [market for market in self.state.markets if market.price and not market.delisted]
        return {market.asset.name: markets.text(markets.mid(market)) for market in listed}

    def marks(self) -> dict[str, Decimal]:
        listed = [market for market in self.state.markets if market.mark and not market.delisted]
        return {market.asset.name: market.asset.price(market.mark) for market in listed}

    def book(self, asset: int, levels: int = 20) -> BookView:
        return markets.book(self.state, self.state.markets[asset], levels)

    def context(self, asset: int) -> ContextView:
        return markets.context(self.state, self.state.markets[asset])

    def trades(self, asset: int, limit: int = 50) -> list[TradeView]:
        market = self.state.markets[asset]
        return [markets.trade_view(market, trade) for trade in islice(reversed(market.trades), limit)]

    def candles(self, asset: int, interval: str, start: int, end: int) -> list[CandleView]:
        return candle.candles(self.state.markets[asset], interval, start, end)

    def fill_view(self, fill: Fill) -> FillView:
        return accounts.fill_view(self.state.markets[fill.asset], fill)

    def order_view(self, order: Order) -> OrderView:
        return orders.order_view(self.state, order)

    def held(self, user: str) -> Account:
        """The account itself, for those in this process: to be read, never to be written."""
        return self.state.accounts.get(user, accounts.NOTHING)
