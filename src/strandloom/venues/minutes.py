"""The market's closed minutes as commands for the exchange in this process."""

from collections.abc import Collection, Iterator, Mapping
from itertools import repeat, starmap

from strandloom.blackboard.desk import Market
from strandloom.exchange import listing
from strandloom.exchange.asset import Asset
from strandloom.exchange.commands import Delist, ListAsset, MarketBars, PathBar
from strandloom.exchange.feed import RATE_UNIT
from strandloom.indicators.frame import Frame
from strandloom.venues import delisting

MINUTE_MS = 60_000
_PATH = ("open", "high", "low", "close")
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
    columns = [_bars(asset, frame, row, count) for row, asset in listed]
    for at in range(count):
        opens = (first + at) * MINUTE_MS
        told = [bars[at] for bars in columns if bars[at].close]
        if left:
            names = {asset.index: asset.name for _, asset in listed}
            back = [bar.asset for bar in told if bar.asset in left]
            left.difference_update(back)
            yield from listing.listed([names[index] for index in back], opens)
        yield MarketBars(opens, tuple(told))
        if len(told) + len(left) < len(columns):
            there = {row: asset for row, asset in listed if asset.index not in left}
            for asset in delisting.silent(frame, len(frame) - count + at + 1, there):
                left.add(asset.index)
                yield Delist(opens + MINUTE_MS - 1, asset.index)


def _bars(asset: Asset, frame: Frame, row: int, count: int) -> list[PathBar]:
    """The newest minutes of one symbol, without a close where it was not told; NaN alone differs from itself.

    Prices go to the nearest tick, volume down to whole lots; what the feed does not tell is 0 or None.
    """
    whole, lots = asset.whole, asset.lots
    cells = frame.newest(row, count)

    def last(name: str) -> list[float]:
        there = cells.get(name, [])
        return there if len(there) == count else [_NOTHING] * (count - len(there)) + there

    def ticks(name: str) -> list[int]:
        return [round(x * whole) if x == x else 0 for x in last(name)] if name in cells else unknown

    def size(name: str) -> list[int]:
        return [int(x * lots) if x == x else 0 for x in last(name)] if name in cells else unknown

    unknown = [0] * count
    told = zip(
        repeat(asset.index, count),
        *([round(x * whole) or 1 if x == x else 0 for x in last(name)] for name in _PATH),
        size("volume"),
        unknown,
        ticks("mark"),
        ticks("oracle"),
        [round(x * RATE_UNIT) if x == x else None for x in last("funding")],
        size("open_interest"),
        strict=True,
    )
    return list(starmap(PathBar, told))
