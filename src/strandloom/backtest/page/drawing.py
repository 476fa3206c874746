"""How every picture of the page looks, and how it gets into the page: as text, the same for the same data."""

from base64 import b64encode
from datetime import datetime
from io import BytesIO
from typing import Any, Final

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure

from strandloom.indicators.frame import Floats, Minutes
from strandloom.market.minute import DAY_MINUTES

INK: Final = "#1f2a37"
SOFT: Final = "#7d8996"
GRID: Final = "#8a96a3"  # drawn thin: a shade on white and on black
PAPER: Final = "#ffffff"
MAIN: Final = "#2563a8"
BESIDE: Final = "#b7a06a"
WON: Final = "#1b9e5a"
LOST: Final = "#d1495b"
RISE: Final = "#93cfae"
FALL: Final = "#e6a9b1"
_IN_THE_PAGE: Final = {INK: "var(--ink)", SOFT: "var(--soft)", PAPER: "var(--card)"}
"""Colours that a picture in the page takes from it, so that it is legible by day and by night."""
_STYLE: Final[Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "axes.labelcolor": SOFT,
    "text.color": INK,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "svg.hashsalt": "strandloom",
    "svg.fonttype": "path",
}


def sheet(height: float, rows: int = 1, ratios: tuple[float, ...] = (1.0,)) -> tuple[Figure, list[Axes]]:
    """An empty picture, as wide as the page, of panels that share their time."""
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(11.0, height), dpi=110, facecolor="none", layout="constrained")
        axes = figure.subplots(rows, 1, sharex=True, height_ratios=ratios, squeeze=False)[:, 0]
        for each in axes:
            _dress(each)
    return figure, list(axes)


def days(minute: Minutes) -> Floats:
    """Minutes as matplotlib counts time: days since 1970."""
    return np.asarray(minute / DAY_MINUTES, dtype=np.float64)


def day(at: datetime) -> float:
    """The same of one moment."""
    return at.timestamp() / 86_400


def dated(axes: Axes) -> None:
    """Dates along the bottom, as few words as possible."""
    locator: Any = AutoDateLocator(minticks=5, maxticks=11)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]


def thinned(count: int, most: int = 1_500) -> np.ndarray:
    """So many places out of a long line, its ends among them."""
    return np.unique(np.linspace(0, count - 1, min(count, most)).round().astype(int))


def as_svg(figure: Figure) -> str:
    """For lines: sharp at any size."""
    out = BytesIO()
    with mpl.rc_context(_STYLE):
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    text = out.getvalue().decode()
    for colour, name in _IN_THE_PAGE.items():
        text = text.replace(colour, name)
    return text[text.index("<svg") :]


def as_png(figure: Figure) -> str:
    """For many thousands of marks; what lies behind it shows through."""
    out = BytesIO()
    with mpl.rc_context(_STYLE):
        figure.savefig(out, format="png", dpi=165, metadata={"Software": None})
    return f'<img alt="" src="data:image/png;base64,{b64encode(out.getvalue()).decode()}">'


def _dress(axes: Axes) -> None:
    axes.grid(color=GRID, linewidth=0.7, alpha=0.28)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, pad=6)
    axes.set_facecolor("none")
    for side in ("top", "right", "left", "bottom"):
        axes.spines[side].set_visible(False)
    axes.margins(x=0.01)
