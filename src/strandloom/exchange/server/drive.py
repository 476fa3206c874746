"""The market of the exchange: closed bars of a feed, as commands of the engine."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from strandloom.basics.ids import unix_ms
from strandloom.exchange import feed
from strandloom.exchange.commands import Delist, MarketQuote, Tick
from strandloom.exchange.listing import listed
from strandloom.exchange.server import prints, route, spell
from strandloom.exchange.server.subscription import Subscription
from strandloom.exchange.server.venue import Venue
from strandloom.exchange.views import TradeView
from strandloom.kinds.market import Bar, Quote


class Drive:
    """Tells the engine what the market did; a gap that was asked for stays in all later prices."""

    def __init__(self, venue: Venue) -> None:
        self._venue = venue
        self._factors: dict[str, float] = {}

    def list(self, symbols: Sequence[str], at_ms: int) -> None:
        """Put the symbols on the exchange that it does not have yet."""
        new = [symbol for symbol in symbols if self._venue.exchange.asset_id(symbol) is None]
        for command in listed(new, at_ms):
            self._venue.submit(command)

    def closed(self, bars: Iterable[Bar]) -> None:
        """Bars that are closed, of one minute or several."""
        exchange = self._venue.exchange
        known = {asset.name: asset for asset in exchange.assets() if not exchange.is_delisted(asset.index)}
        minutes: dict[datetime, list[Bar]] = defaultdict(list)
        for bar in bars:
            if bar.symbol in known:
                minutes[bar.at].append(self._moved(bar))
        for at in sorted(minutes):
            self._venue.submit(feed.minute(known, minutes[at]))

    def quoted(self, quote: Quote) -> None:
        """The best bid and ask between two bars."""
        index = self._venue.exchange.asset_id(quote.symbol)
        if index is not None:
            asset = self._venue.exchange.assets()[index]
            told = feed.quote(asset, self._moved_quote(quote))
            below, above = asset.step(told.bid), asset.step(told.ask)
            bid, ask = told.bid // below * below, -(-told.ask // above) * above  # prices that orders may have
            self._venue.submit(told._replace(bid=bid, ask=ask))

    def traded(self, bar: Bar, share: float, steps: int) -> None:
        """Show a part of a minute's volume as a print, where the market stands after `share` of it."""
        exchange, index = self._venue.exchange, self._venue.exchange.asset_id(bar.symbol)
        if index is None:
            return
        asset, moved = exchange.assets()[index], self._moved(bar)
        price = route.price(moved, share)
        tick = asset.px_of(price)
        lots = asset.sz_of(moved.volume / steps)
        if lots:
            at = unix_ms(bar.at) + int(share * 59_999)
            rising = price >= route.price(moved, max(0.0, share - 1 / steps))
            hashed, tid = prints.name(bar.symbol, at, steps)
            trade = TradeView(
                coin=bar.symbol,
                side="B" if rising else "A",
                px=asset.price(tick // asset.step(tick) * asset.step(tick)),
                sz=asset.size(lots),
                time=at,
                hash=hashed,
                tid=tid,
                buyer=prints.NOBODY,
                seller=prints.NOBODY,
            )
            self._venue.prints.add(trade)
            told = Subscription("trades", coin=bar.symbol)
            self._venue.hub.publish(told, "trades", [spell.trade(trade)])

    def delist(self, symbol: str) -> None:
        """The end of a symbol."""
        index = self._venue.exchange.asset_id(symbol)
        if index is not None:
            self._venue.submit(Delist(self._venue.at_ms(), index))

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
        self._factors[coin] = self._factors.get(coin, 1.0) * factor
        asset = exchange.assets()[index]
        bid, ask = (max(1, asset.px_of(float(side[0].px) * factor)) for side in (book.bids, book.asks))
        sizes = [asset.sz_of(side[0].sz) for side in (book.bids, book.asks)]
        ask = max(ask, bid + 1)
        mark = (bid + ask) // 2
        at = self._venue.at_ms()
        self._venue.submit(MarketQuote(at, index, bid, sizes[0], ask, sizes[1], mark, mark))
        return None

    def _moved(self, bar: Bar) -> Bar:
        factor = self._factors.get(bar.symbol)
        if factor is None:
            return bar
        return replace(
            bar,
            open=bar.open * factor,
            high=bar.high * factor,
            low=bar.low * factor,
            close=bar.close * factor,
            mark=bar.mark and bar.mark * factor,
            oracle=bar.oracle and bar.oracle * factor,
        )

    def _moved_quote(self, quote: Quote) -> Quote:
        factor = self._factors.get(quote.symbol)
        if factor is None:
            return quote
        exact = Decimal(factor)
        mark = quote.mark and quote.mark * exact
        return replace(quote, bid=quote.bid * exact, ask=quote.ask * exact, mark=mark)
