"""The month of real bars that ships with the package; `README.md` beside this says where it comes from."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow.parquet as parquet

from strandloom.basics.errors import BadInput
from strandloom.market.bars import REQUIRED, Bars, bars
from strandloom.market.funding import Funding, with_funding
from strandloom.market.minute import MINUTE_MS

VENUE = "sample"
SYMBOLS = ("BTC", "ETH", "SOL")
_FOLDER = Path(__file__).parent


def load(symbols: Sequence[str] = SYMBOLS) -> list[Bars]:
    """The bars of those symbols, with the funding rate in force at each close."""
    unknown = sorted(set(symbols) - set(SYMBOLS))
    if unknown:
        raise BadInput(f"the sample has no {', '.join(unknown)}; it has {', '.join(SYMBOLS)}")
    return [_load(symbol) for symbol in symbols]


@lru_cache
def _load(symbol: str) -> Bars:
    table = parquet.read_table(_FOLDER / f"{symbol}.parquet")
    columns = {name: table[name].to_numpy().astype(np.float64) for name in REQUIRED}
    piece = bars(VENUE, symbol, table["time_ms"].to_numpy() // MINUTE_MS, columns)
    return with_funding(piece, funding(symbol))


@lru_cache
def funding(symbol: str) -> Funding:
    """The funding rates of a symbol as they were published."""
    table = parquet.read_table(_FOLDER / "funding.parquet", filters=[("symbol", "==", symbol)])
    return Funding(
        symbol=symbol,
        stamp_ms=table["time_ms"].to_numpy(),
        rate=table["rate"].to_numpy(),
        interval_h=table["interval_h"].to_numpy().astype(np.float64),
    )
