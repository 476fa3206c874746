"""The pictures of the page: equity over drawdown over holding still, and trades on candles."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from strandloom.backtest.curve import Curve
from strandloom.backtest.page import drawing
from strandloom.backtest.trades import Trade
from strandloom.indicators.frame import Floats
from strandloom.market.panel import Panel
from strandloom.market.timeframes import roll_up

_CANDLES = 420  # at most, so that each can still be seen
_LENGTHS = (1, 5, 15, 30, 60, 120, 240, 480, 720, 1_440, 2_880, 10_080)


def equity(line: Curve, cash: float, ended: datetime | None) -> Figure:
    """Over one time, in dollars: what it earned, how far below its high it was, what holding still earned."""
    figure, (above, middle, below) = drawing.sheet(5.6, 3, (3.0, 1.1, 1.3))
    chosen = drawing.thinned(line.minute.size)
    at = drawing.days(line.minute[chosen] + 1)
    earned = (line.equity - cash)[chosen]
    above.axhline(0.0, color=drawing.SOFT, linewidth=0.8)
    above.plot(at, earned, color=drawing.MAIN, linewidth=1.5)
    above.fill_between(at, earned, 0.0, color=drawing.MAIN, alpha=0.08)
    high = np.maximum.accumulate(np.maximum(line.equity, cash))
    below_high = (line.equity - high)[chosen]
    middle.fill_between(at, below_high, 0.0, color=drawing.LOST, alpha=0.45, linewidth=0)
    still = (line.held_still - cash)[chosen]
    below.axhline(0.0, color=drawing.SOFT, linewidth=0.8)
    below.plot(at, still, color=drawing.BESIDE, linewidth=1.2)
    if ended is not None:
        above.axvline(drawing.day(ended), color=drawing.LOST, linewidth=1.2)
        where = (drawing.day(ended), float(earned.max()))
        above.annotate(" the drawdown limit ended trading", where, color=drawing.LOST)
    names = ((above, "what the network earned"), (middle, "below its high"), (below, "buy and hold"))
    for axes, what in names:
        axes.set_title(f"{what}, USD", loc="left", fontsize=9.5, color=drawing.INK)
        axes.yaxis.set_major_locator(MaxNLocator(5 if axes is above else 3))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: _usd(value)))
        axes.margins(y=0.12)
    drawing.dated(below)
    return figure


def candles(market: Panel, symbol: str, closed: Sequence[Trade]) -> Figure:
    """Price in candles, every trade a line from entry to exit in the colour of its result."""
    figure, (axes,) = drawing.sheet(3.5)
    row = market.symbols.index(symbol)
    length = next((n for n in _LENGTHS if market.minutes / n <= _CANDLES), _LENGTHS[-1])
    at = np.arange(market.start, market.stop, dtype=np.int64)
    columns = {
        name: market.columns[name][row : row + 1] for name in ("open", "high", "low", "close", "volume")
    }
    at, rolled = roll_up(at, columns, length)
    _draw_candles(axes, at, {name: column[0] for name, column in rolled.items()}, length)
    size = float(np.clip(60.0 / max(len(closed), 1) ** 0.5, 3.0, 7.0))
    for trade in closed:
        _draw_trade(axes, trade, size)
    axes.set_title(f"{symbol}, {_named(length)} candles", loc="left", fontsize=9.5, color=drawing.SOFT)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.6g}"))
    drawing.dated(axes)
    return figure


def _draw_candles(axes: Axes, at: np.ndarray, bars: dict[str, Floats], length: int) -> None:
    x = drawing.days(at + length // 2)
    colour = np.where(bars["close"] >= bars["open"], drawing.RISE, drawing.FALL)
    axes.vlines(x, bars["low"], bars["high"], color=colour, linewidth=0.9)
    axes.vlines(x, bars["open"], bars["close"], color=colour, linewidth=min(9.0, 900.0 / max(len(x), 1)))


def _draw_trade(axes: Axes, trade: Trade, size: float) -> None:
    colour = drawing.WON if trade.realised_usd > 0 else drawing.LOST
    at = drawing.day(trade.opened_at), drawing.day(trade.closed_at)
    prices = float(trade.entry_price), float(trade.exit_price)
    axes.plot(at, prices, color=colour, linewidth=1.0, alpha=0.9)
    axes.plot(
        at[:1],
        prices[:1],
        marker="^" if trade.side == "buy" else "v",
        color=colour,
        markersize=size,
        markeredgecolor=drawing.PAPER,
        markeredgewidth=0.5,
    )


def _named(length: int) -> str:
    if length % 1_440 == 0:
        return f"{length // 1_440}-day"
    return f"{length // 60}-hour" if length % 60 == 0 else f"{length}-minute"


def _usd(value: float) -> str:
    """Cents only where dollars do not say it."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"
