"""The market of the exchange: closed bars of a feed, as commands of the engine."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from strandloom.basics.ids import unix_ms
from strandloom.exchange.asset import Asset
from strandloom.exchange.commands import MarketBars, MarketQuote, PathBar, Tick
from strandloom.exchange.listing import listed
from strandloom.exchange.server.venue import Venue
from strandloom.kinds.market import Bar, Quote

_RATE_UNITS = 10_000_000_000


class Drive:
    """Tells the engine what the market did; a gap that was asked for stays in all later prices."""

    def __init__(self, venue: Venue) -> None:
        self._venue = venue
        self._factors: dict[str, float] = defaultdict(lambda: 1.0)

    def list(self, symbols: Sequence[str]) -> None:
        """Put the symbols on the exchange that it does not have yet."""
        new = [symbol for symbol in symbols if self._venue.exchange.asset_id(symbol) is None]
        for command in listed(new, self._venue.at_ms()):
            self._venue.submit(command)

    def closed(self, bars: Iterable[Bar]) -> None:
        """Bars that are closed, of one minute or several; a minute that is over already is left out."""
        minutes: dict[datetime, list[Bar]] = defaultdict(list)
        for bar in bars:
            minutes[bar.at].append(bar)
        for at in sorted(minutes):
            paths = [path for bar in minutes[at] if (path := self._path(bar)) is not None]
            self._venue.submit(MarketBars(unix_ms(at), tuple(paths)))

    def quoted(self, quote: Quote) -> None:
        """The best bid and ask between two bars."""
        exchange = self._venue.exchange
        index = exchange.asset_id(quote.symbol)
        if index is None:
            return
        asset, factor = exchange.assets()[index], self._factors[quote.symbol]
        mark = asset.px_of(float(quote.mark) * factor) if quote.mark else 0
        bid, ask = (asset.px_of(float(px) * factor) for px in (quote.bid, quote.ask))
        sizes = asset.sz_of(quote.bid_size), asset.sz_of(quote.ask_size)
        self._venue.submit(MarketQuote(unix_ms(quote.at), index, bid, sizes[0], ask, sizes[1], mark))

    def passed(self) -> None:
        """Time went on."""
        self._venue.submit(Tick(self._venue.at_ms()))

    def gap(self, coin: str, percent: float) -> str | None:
        """Move a market at once, and everything it will do from now on; the text is why it cannot."""
        exchange = self._venue.exchange
        index = exchange.asset_id(coin)
        if index is None:
            return f"there is no coin called {coin}"
        book, factor = exchange.book(index, 1), 1 + percent / 100
        if not book.bids or not book.asks:
            return f"{coin} has no prices yet"
        self._factors[coin] *= factor
        asset = exchange.assets()[index]
        bid, ask = book.bids[0], book.asks[0]
        prices = [max(1, asset.px_of(float(level.px) * factor)) for level in (bid, ask)]
        prices[1] = max(prices[1], prices[0] + 1)
        mark = sum(prices) // 2
        self._venue.submit(
            MarketQuote(
                self._venue.at_ms(),
                index,
                prices[0],
                asset.sz_of(bid.sz),
                prices[1],
                asset.sz_of(ask.sz),
                mark,
                mark,
            )
        )
        return None

    def _path(self, bar: Bar) -> PathBar | None:
        index = self._venue.exchange.asset_id(bar.symbol)
        if index is None:
            return None
        asset, factor = self._venue.exchange.assets()[index], self._factors[bar.symbol]
        open_, high, low, close = (_px(asset, px, factor) for px in (bar.open, bar.high, bar.low, bar.close))
        return PathBar(
            asset=index,
            open=open_,
            high=high,
            low=low,
            close=close,
            volume=asset.sz_of(bar.volume),
            trades=bar.trades or 0,
            mark=_px(asset, bar.mark, factor),
            oracle=_px(asset, bar.oracle, factor),
            funding=None if bar.funding is None else round(bar.funding * _RATE_UNITS),
            open_interest=asset.sz_of(bar.open_interest or 0),
        )


def _px(asset: Asset, price: float | None, factor: float) -> int:
    return 0 if price is None else max(1, asset.px_of(price * factor))
