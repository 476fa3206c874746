"""Market data on its way in: floats and Decimals become ticks and lots."""

from collections.abc import Iterable

from strandloom.basics.ids import unix_ms
from strandloom.exchange.asset import Asset
from strandloom.exchange.commands import MarketBars, MarketQuote, PathBar
from strandloom.kinds.market import Bar, Quote

RATE_UNIT = 10_000_000_000


def path_bar(asset: Asset, bar: Bar) -> PathBar:
    """Prices go to the nearest tick, volume down to whole lots."""
    whole = asset.whole
    return PathBar(
        asset.index,
        max(1, round(bar.open * whole)),
        max(1, round(bar.high * whole)),
        max(1, round(bar.low * whole)),
        max(1, round(bar.close * whole)),
        int(bar.volume * asset.lots),
        bar.trades or 0,
        round(bar.mark * whole) if bar.mark else 0,
        round(bar.oracle * whole) if bar.oracle else 0,
        round(bar.funding * RATE_UNIT) if bar.funding is not None else None,
        int(bar.open_interest * asset.lots) if bar.open_interest else 0,
    )


def minute(assets: dict[str, Asset], bars: Iterable[Bar]) -> MarketBars:
    """All bars of one minute as one command; symbols that are not listed are left out."""
    kept = [bar for bar in bars if bar.symbol in assets]
    at = unix_ms(kept[0].at)
    return MarketBars(at, tuple(path_bar(assets[bar.symbol], bar) for bar in kept))


def quote(asset: Asset, quoted: Quote) -> MarketQuote:
    """A quote as the engine takes it."""
    return MarketQuote(
        unix_ms(quoted.at),
        asset.index,
        asset.px_of(quoted.bid),
        asset.sz_of(quoted.bid_size),
        asset.px_of(quoted.ask),
        asset.sz_of(quoted.ask_size),
        asset.px_of(quoted.mark) if quoted.mark is not None else 0,
    )
