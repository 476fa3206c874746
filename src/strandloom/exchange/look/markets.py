"""Questions about a market: book, context, trades, mids."""

from collections.abc import Iterable
from decimal import Decimal

from strandloom.exchange.asset import MICRO, dollars
from strandloom.exchange.events import FundingSettled, Trade
from strandloom.exchange.funding import current_rate
from strandloom.exchange.look.accounts import hash_of
from strandloom.exchange.market import Market
from strandloom.exchange.match import walk
from strandloom.exchange.state import State
from strandloom.exchange.views import BookView, ContextView, LevelView, RateView, TradeView

NOBODY = "0x" + "0" * 40
_DAY_BARS = 1_440
_LARGE = ("BTC", "ETH")
_FAR = 1 << 60


def mid(market: Market) -> Decimal:
    """Between the best prices, else the last one."""
    total, count = market.mid()
    return market.asset.price(total) / count


def text(value: Decimal) -> str:
    """As the venue prints numbers: no exponent, at least one decimal."""
    plain = f"{value.normalize():f}"
    return plain if "." in plain else f"{plain}.0"


def book(state: State, market: Market, count: int) -> BookView:
    """The market's levels and the users' orders together."""
    bid, ask = market.best_bid(), market.best_ask()  # draws the ladders when they are stale
    del bid, ask
    bids, asks = market.bids.top(), market.asks.top()
    asset = market.asset
    return BookView(
        asset=asset.index,
        coin=asset.name,
        time=state.now,
        bids=_levels(market, True, count),
        asks=_levels(market, False, count),
        synthetic_spread=asset.price(asks - bids) if bids and asks else None,
    )


def _levels(market: Market, bids: bool, count: int) -> tuple[LevelView, ...]:
    ladder = market.bids if bids else market.asks
    side = market.bid_users if bids else market.ask_users
    beyond = (market.asks if bids else market.bids).front()
    rows: dict[int, tuple[int, int]] = {px: (lots, 1) for px, lots in ladder.shown()}
    for px in side.prices(beyond):
        lots, orders = rows.get(px, (0, 0))
        level = side.levels[px].values()
        rows[px] = (lots + sum(order.left for order in level), orders + len(level))
    asset = market.asset
    best = sorted(rows, reverse=bids)[:count]
    return tuple(LevelView(px=asset.price(px), sz=asset.size(rows[px][0]), n=rows[px][1]) for px in best)


def context(state: State, market: Market) -> ContextView:
    """What a market's header shows."""
    asset = market.asset
    day = list(market.bars)[-_DAY_BARS:]
    two_sided = bool(market.best_bid() and market.best_ask())
    premium = market.premium_last
    interest = market.known_interest or market.users_interest // 2
    return ContextView(
        asset=asset.index,
        coin=asset.name,
        funding=Decimal(current_rate(market)).scaleb(-10),
        open_interest=asset.size(interest),
        prev_day_px=asset.price(day[0].open if day else market.price),
        day_ntl_volume=dollars(sum(bar.volume * bar.close for bar in day)),
        day_base_volume=asset.size(sum(bar.volume for bar in day)),
        premium=None if premium is None else Decimal(premium).scaleb(-10),
        oracle_px=asset.price(market.oracle),
        mark_px=asset.price(market.mark),
        mid_px=mid(market) if two_sided else None,
        impact_bid=impact(market, False),
        impact_ask=impact(market, True),
    )


def impact(market: Market, is_buy: bool) -> Decimal | None:
    """The average price of trading the impact notional now; None where the book cannot."""
    usd = (20_000 if market.asset.name in _LARGE else 6_000) * MICRO
    want = usd // market.mark if market.mark else 0
    ladder = market.asks if is_buy else market.bids
    found = walk(market, ladder, "", is_buy, _FAR if is_buy else 1, want)
    if want == 0 or found.lots < want:
        return None
    return market.asset.price(found.ntl // found.lots)


def trade_view(market: Market, trade: Trade) -> TradeView:
    """One print."""
    asset = market.asset
    return TradeView(
        coin=asset.name,
        side="B" if trade.is_buy else "A",
        px=asset.price(trade.px),
        sz=asset.size(trade.sz),
        time=trade.at,
        hash=hash_of("trade", trade.seq),
        tid=trade.tid,
        buyer=trade.buyer or NOBODY,
        seller=trade.seller or NOBODY,
    )


def rates(market: Market, start: int, end: int | None, limit: int) -> list[RateView]:
    """Hourly rates, oldest first."""
    chosen: Iterable[FundingSettled] = (
        rate for rate in market.rates if rate.at >= start and (end is None or rate.at <= end)
    )
    return [
        RateView(
            time=rate.at,
            coin=market.asset.name,
            rate=Decimal(rate.rate).scaleb(-10),
            premium=Decimal(rate.premium).scaleb(-10),
        )
        for rate in list(chosen)[:limit]
    ]
