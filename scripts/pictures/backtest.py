"""Draws the picture of docs/backtest.md: three days of the sample, as the page of a backtest shows them."""

import asyncio
import sys
from pathlib import Path

from matplotlib.figure import Figure

from strandloom import roster
from strandloom.backtest.curve import curve
from strandloom.backtest.page import drawing, pictures
from strandloom.backtest.replay import replay
from strandloom.backtest.terms import Terms
from strandloom.backtest.trades import trades
from strandloom.market import minute as minutes
from strandloom.market.panel import panel
from strandloom.market.sample import load

FIRST, STOP = minutes.parse("2025-05-12"), minutes.parse("2025-05-15")


def main(folder: Path) -> None:
    result = asyncio.run(replay(roster.seats, panel(load()), Terms(start=FIRST, stop=STOP)))
    closed = [trade for trade in trades(result) if trade.symbol == "BTC"]
    _save(pictures.equity(curve(result), float(result.terms.cash_usd), None), folder / "backtest-equity.png")
    _save(pictures.candles(result.market, "BTC", closed), folder / "backtest-trades.png")


def _save(figure: Figure, file: Path) -> None:
    """On paper, the same for the same data."""
    figure.savefig(file, dpi=90, facecolor=drawing.PAPER, metadata={"Software": None})


if __name__ == "__main__":
    main(Path(sys.argv[1]))
