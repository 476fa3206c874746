"""One symbol's minutes of the window as plain numbers, as a prediction is followed through them."""

from math import isfinite, nan

from strandloom.blackboard.desk import Market
from strandloom.scoring.follow import MINUTE_S, Stretch

HOUR_MINUTES = 60


def stretch(view: Market, symbol: str, first: int) -> Stretch:
    """The symbol's minutes from `first` on, as far as the window reaches; no bar means no trading."""
    frame = view.bars()
    newest = int(frame.at[-1]) if len(frame) else view.minute
    count = min(max(0, newest + 1 - first), len(frame))
    first = newest + 1 - count
    if not count or symbol not in view.symbols:
        unknown = [nan] * count
        return Stretch(
            first_s=first * MINUTE_S, open=unknown, high=unknown, low=unknown, close=unknown, volume=unknown
        )
    cells = frame.newest(view.symbols.index(symbol), count)
    return Stretch(
        first_s=first * MINUTE_S,
        open=cells["open"],
        high=cells["high"],
        low=cells["low"],
        close=cells["close"],
        volume=cells["volume"],
        funding=_charged(cells.get("funding", []), first, newest),
    )


def _charged(rates: list[float], first: int, newest: int) -> list[tuple[int, float]]:
    """Which of these minutes are charged funding: each full hour, where the rate is known."""
    reaches = newest + 1 - len(rates)  # it may not be as far back as prices do
    hours = range(reaches + -reaches % HOUR_MINUTES, newest + 1, HOUR_MINUTES)
    charged = ((hour - first, rates[hour - reaches]) for hour in hours)
    return [(place, rate) for place, rate in charged if isfinite(rate)]
