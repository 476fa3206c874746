"""Does the coming bar's hour, or its weekday, have an effect?  The statistics of earlier days say."""

import numpy as np

from strandloom.indicators.fold import rolling_sum
from strandloom.indicators.frame import Floats


def same_hour_t(step: Floats, per_day: int, days: int) -> Floats:
    """Student's t of the returns at the time of day that comes next, over so many days.

    Looks back days × per_day returns.
    """
    outputs = step.shape[-1] - per_day * days + 1
    each = [step[..., (day * per_day) : (day * per_day) + outputs] for day in range(days)]
    return _t(sum(each[1:], each[0]), sum((x * x for x in each[1:]), each[0] * each[0]), days)


def same_weekday_t(step: Floats, per_day: int, weeks: int) -> Floats:
    """Student's t of the returns in the day that begins with the next bar, over earlier weeks.

    Looks back weeks × 7 × per_day returns.
    """
    outputs = step.shape[-1] - 7 * weeks * per_day + 1
    day = rolling_sum(step, per_day)
    squares = rolling_sum(step * step, per_day)
    at = [week * 7 * per_day for week in range(weeks)]
    total = sum((day[..., i : i + outputs] for i in at[1:]), day[..., :outputs])
    return _t(
        total, sum((squares[..., i : i + outputs] for i in at[1:]), squares[..., :outputs]), weeks * per_day
    )


def _t(total: Floats, squares: Floats, n: int) -> Floats:
    variance = (squares - total * total / n) / (n - 1)
    t: Floats = total / np.sqrt(variance * n)
    return t
