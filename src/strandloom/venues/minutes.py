"""The market's closed minutes as commands for the exchange in this process."""

from collections.abc import Collection, Iterator, Mapping

from strandloom.blackboard.desk import Market
from strandloom.exchange import listing
from strandloom.exchange.asset import Asset
from strandloom.exchange.commands import Delist, ListAsset, MarketBars, PathBar
from strandloom.exchange.feed import RATE_UNIT
from strandloom.indicators.frame import Floats, Frame
from strandloom.venues import delisting

MINUTE_MS = 60_000
_FIELDS = ("open", "high", "low", "close", "volume", "mark", "oracle", "funding", "open_interest")
_NOTHING = float("nan")


def commands(
    market: Market, first: int, assets: Mapping[str, Asset], gone: Collection[int] = ()
) -> Iterator[MarketBars | Delist | ListAsset]:
    """Every minute from `first` to the newest, with everything that is listed and was told.

    Who falls silent is delisted, by asset id; who is `gone` already and speaks again is listed anew.
    """
    frame, left = market.bars(), set(gone)
    count = market.minute - first + 1
    listed = [(row, assets[symbol]) for row, symbol in enumerate(market.symbols) if symbol in assets]
    columns = [(asset, _columns(frame, row, count)) for row, asset in listed]
    for at in range(count):
        opens = (first + at) * MINUTE_MS
        told = [(asset, cells[at]) for asset, cells in columns if cells[at][3] == cells[at][3]]
        if left:
            back = [asset for asset, _ in told if asset.index in left]
            left.difference_update(asset.index for asset in back)
            yield from listing.listed([asset.name for asset in back], opens)
        yield MarketBars(opens, tuple([_bar(asset, cells) for asset, cells in told]))
        if len(told) + len(left) < len(columns):
            there = {row: asset for row, asset in listed if asset.index not in left}
            for asset in delisting.silent(frame, len(frame) - count + at + 1, there):
                left.add(asset.index)
                yield Delist(opens + MINUTE_MS - 1, asset.index)


def _columns(frame: Frame, row: int, count: int) -> list[tuple[float, ...]]:
    """The newest minutes of one symbol, a tuple of cells each; what a feed has not is not a number."""
    return list(zip(*(_last(getattr(frame, name), row, count) for name in _FIELDS), strict=True))


def _last(values: Floats, row: int, count: int) -> list[float]:
    there: list[float] = values[row, -count:].tolist()  # optional columns reach less far back
    return there if len(there) == count else [_NOTHING] * (count - len(there)) + there


def _bar(asset: Asset, cells: tuple[float, ...]) -> PathBar:
    """Prices go to the nearest tick, volume down to whole lots; NaN alone differs from itself."""
    opened, high, low, close, volume, mark, oracle, funding, interest = cells
    whole = asset.whole
    return PathBar(
        asset.index,
        round(opened * whole) or 1,
        round(high * whole) or 1,
        round(low * whole) or 1,
        round(close * whole) or 1,
        int(volume * asset.lots) if volume == volume else 0,
        0,
        round(mark * whole) if mark == mark else 0,
        round(oracle * whole) if oracle == oracle else 0,
        round(funding * RATE_UNIT) if funding == funding else None,
        int(interest * asset.lots) if interest == interest else 0,
    )
