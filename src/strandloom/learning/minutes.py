"""One symbol's minutes of the window as plain numbers, as a prediction is followed through them."""

from math import isfinite, nan

from strandloom.blackboard.desk import Market
from strandloom.indicators.frame import Frame
from strandloom.scoring.follow import MINUTE_S, Stretch

HOUR_MINUTES = 60


def stretch(view: Market, symbol: str, first: int) -> Stretch:
    """The symbol's minutes from `first` on, as far as the window reaches; no bar means no trading."""
    frame = view.bars()
    bars = len(frame)
    newest = int(frame.at[-1]) if bars else view.minute
    begins = min(max(0, bars - 1 - (newest - first)), bars)
    first = newest + 1 - (bars - begins)
    if symbol not in view.symbols:
        unknown = [nan] * (bars - begins)
        return Stretch(
            first_s=first * MINUTE_S, open=unknown, high=unknown, low=unknown, close=unknown, volume=unknown
        )
    row = view.symbols.index(symbol)
    return Stretch(
        first_s=first * MINUTE_S,
        open=frame.open[row, begins:].tolist(),
        high=frame.high[row, begins:].tolist(),
        low=frame.low[row, begins:].tolist(),
        close=frame.close[row, begins:].tolist(),
        volume=frame.volume[row, begins:].tolist(),
        funding=_charged(frame, row, first, newest),
    )


def _charged(frame: Frame, row: int, first: int, newest: int) -> list[tuple[int, float]]:
    """Which of these minutes are charged funding: each full hour, where the rate is known."""
    hours = range(first + -first % HOUR_MINUTES, newest + 1, HOUR_MINUTES)
    if not hours:
        return []
    funding = frame.funding[row]  # it may not reach back as far as prices do
    known = [(hour - first, newest + 1 - hour) for hour in hours if newest + 1 - hour <= len(funding)]
    rates = [(place, float(funding[-age])) for place, age in known]
    return [(place, rate) for place, rate in rates if isfinite(rate)]
