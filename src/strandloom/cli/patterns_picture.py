"""A day of candles with the patterns on them: triangles where one began, colour by what became of it."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from strandloom.blackboard.strand import Strand
from strandloom.indicators.frame import Floats, Minutes
from strandloom.kinds.pattern import Pattern
from strandloom.kinds.prediction import Outcome, Prediction
from strandloom.market.panel import Panel
from strandloom.market.timeframes import roll_up

CANDLE_MINUTES = 5
WON, LOST, UNKNOWN = "#1b9e5a", "#d1495b", "#8a8f98"
INK, GRID, PAPER = "#22303c", "#e6e9ec", "#ffffff"
RISE, FALL = "#9fd3b6", "#eeb4bb"
_FAMILIES = (
    "microstructure",
    "volume",
    "volatility",
    "momentum",
    "time",
    "cross_asset",
    "divergence",
    "derivatives",
)


def draw(day: Panel, symbol: str, strands: Sequence[Strand], output: Path, family: str | None) -> int:
    """Write the picture; how many patterns are on it."""
    mpl.rcParams.update({"font.size": 9, "axes.edgecolor": GRID, "text.color": INK})
    seen = [strand for strand in strands if _wanted(strand, symbol, family)]
    figure = Figure(figsize=(14, 8), dpi=130, facecolor=PAPER)
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1.3))
    _candles(above, day, symbol)
    _triangles(above, seen, _ends(strands))
    _states(below, seen, strands)
    _dress(above, below, day, symbol, family)
    figure.savefig(output)
    return len(seen)


def _wanted(strand: Strand, symbol: str, family: str | None) -> bool:
    body = strand.body
    if not isinstance(body, Pattern) or body.phase != "onset" or body.symbol != symbol:
        return False
    return family is None or body.name.startswith(f"{family}.")


def _ends(strands: Sequence[Strand]) -> dict[UUID, bool]:
    """Onset → did its forecast earn more than it cost?"""
    forecasts = {s.id: s.parents[0] for s in strands if isinstance(s.body, Prediction)}
    outcomes = [s.body for s in strands if isinstance(s.body, Outcome)]
    return {forecasts[body.prediction]: body.won for body in outcomes if body.prediction in forecasts}


def _hours(minute: Minutes | int, day: Panel) -> Floats:
    return (np.asarray(minute, dtype=np.float64) - day.start) / 60.0


def _candles(axes: Axes, day: Panel, symbol: str) -> None:
    row = day.symbols.index(symbol)
    at = np.arange(day.start, day.stop, dtype=np.int64)
    columns = {name: day.columns[name][row : row + 1] for name in ("open", "high", "low", "close", "volume")}
    at, rolled = roll_up(at, columns, CANDLE_MINUTES)
    x = _hours(at, day) + CANDLE_MINUTES / 120.0
    opened, high, low, close = (rolled[name][0] for name in ("open", "high", "low", "close"))
    colours = np.where(close >= opened, RISE, FALL)
    axes.vlines(x, low, high, color=colours, linewidth=0.8)
    axes.vlines(x, opened, close, color=colours, linewidth=2.6)


def _triangles(axes: Axes, seen: Sequence[Strand], ends: dict[UUID, bool]) -> None:
    for strand in seen:
        body = strand.body
        assert isinstance(body, Pattern)  # noqa: S101 - `_wanted` asked
        if body.direction is None or body.price is None:
            continue
        colour = {True: WON, False: LOST, None: UNKNOWN}[ends.get(strand.id)]
        up = body.direction == "up"
        lift = -1.0 if up else 1.0
        axes.plot(
            _clock(strand.at),
            body.price * (1.0 + lift * 6e-4),
            marker="^" if up else "v",
            color=colour,
            markersize={"1m": 4.5, "5m": 6.5, "15m": 8.5}.get(body.timeframe, 10.0),
            markeredgecolor=PAPER,
            markeredgewidth=0.5,
            linestyle="none",
        )


def _states(axes: Axes, seen: Sequence[Strand], strands: Sequence[Strand]) -> None:
    """One line per family: how long each of its patterns stood."""
    ended = {s.body.onset: s.at for s in strands if isinstance(s.body, Pattern) and s.body.phase == "end"}
    for strand in seen:
        body = strand.body
        assert isinstance(body, Pattern)  # noqa: S101 - `_wanted` asked
        level = _FAMILIES.index(body.name.split(".")[0])
        start = _clock(strand.at)
        stop = _clock(ended[strand.id]) if strand.id in ended else 24.0
        stop = stop if stop > start else 24.0  # it ended on the next day
        offset = {"up": -0.16, "down": 0.16, None: 0.0}[body.direction]
        colour = {"up": WON, "down": LOST, None: UNKNOWN}[body.direction]
        axes.hlines(level + offset, start, max(stop, start + 0.03), color=colour, linewidth=3.0, alpha=0.7)


def _clock(at: datetime) -> float:
    """Hours since midnight."""
    return at.hour + at.minute / 60.0


def _dress(above: Axes, below: Axes, day: Panel, symbol: str, family: str | None) -> None:
    from strandloom.market import minute as minutes

    what = f"{family} patterns" if family else "patterns"
    above.set_title(f"{symbol}, {minutes.opens(day.start):%A %d %B %Y}: {what}", loc="left", fontsize=12)
    above.set_ylabel("price")
    for label, colour, place in (
        ("forecast won, after costs", WON, 0.62),
        ("lost", LOST, 0.80),
        ("still open", UNKNOWN, 0.87),
    ):
        above.annotate("▲▼ " + label, (place, 1.015), xycoords="axes fraction", color=colour, fontsize=9)
    below.set_yticks(range(len(_FAMILIES)), _FAMILIES)
    below.set_ylim(len(_FAMILIES) - 0.4, -0.6)
    below.set_xlim(0.0, 24.0)
    below.set_xticks(range(0, 25, 2), [f"{hour:02}:00" for hour in range(0, 25, 2)])
    below.set_xlabel("UTC; a line as long as the pattern stood: green points up, red down, grey nowhere")
    for axes in (above, below):
        axes.grid(color=GRID, linewidth=0.6)
        axes.set_axisbelow(True)
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
    above.figure.subplots_adjust(left=0.09, right=0.985, top=0.94, bottom=0.075, hspace=0.07)
