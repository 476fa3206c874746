"""Writes a parquet file of minutes per symbol: a simulated market with an edge that dies after some days.

Spikes of volume come all the time; while the edge lives, the price drifts on in the direction of their bar.
"""

import argparse
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet

from strandloom.market import minute as minutes
from strandloom.market.feeds.planted import VolumeLed
from strandloom.market.feeds.world import World
from strandloom.market.minute import DAY_MINUTES
from strandloom.market.panel import Panel

START = minutes.parse("2025-01-06")
PER_BLOCK = 8  # planted spikes per symbol and four hours
TIMES = 25.0  # the usual volume
PRICES = ("open", "high", "low", "close")


def main() -> None:
    asked = argparse.ArgumentParser(prog="scripts/plant-history", description=(__doc__ or "").splitlines()[0])
    asked.add_argument("folder", type=Path)
    asked.add_argument("--days", type=int, default=90)
    asked.add_argument("--dies-after", type=int, default=60, help="days; 0: there never is one")
    asked.add_argument("--bps", type=float, default=150.0, help="of the drift after a spike")
    asked.add_argument("--symbols", default="BTC,ETH")
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args()
    symbols = tuple(given.symbols.split(","))
    dies, end = START + given.dies_after * DAY_MINUTES, START + given.days * DAY_MINUTES
    alive = _world(symbols, given.seed, given.bps).panel(START, dies) if dies > START else None
    dead = _world(symbols, given.seed, 0.0).panel(dies, end) if end > dies else None
    given.folder.mkdir(parents=True, exist_ok=True)
    for row, symbol in enumerate(symbols):
        parts = [_columns(part, row) for part in (alive, dead) if part is not None]
        parquet.write_table(pa.table(_joined(parts)), given.folder / f"{symbol}.parquet")


def _world(symbols: tuple[str, ...], seed: int, bps: float) -> World:
    edges = [VolumeLed(symbol=symbol, bps=bps, times=TIMES) for symbol in symbols for _ in range(PER_BLOCK)]
    return World(symbols, START, seed=seed, planted=edges)


def _columns(part: Panel, row: int) -> dict[str, np.ndarray]:
    minute = np.arange(part.start, part.start + part.minutes)
    return {"ts_ms": minute * 60_000, **{name: part.columns[name][row] for name in (*PRICES, "volume")}}


def _joined(parts: list[dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """One after the other, each beginning at the price at which the one before ended."""
    for before, after in pairwise(parts):
        step = before["close"][-1] / after["open"][0]
        after |= {name: after[name] * step for name in PRICES}
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


if __name__ == "__main__":
    main()
