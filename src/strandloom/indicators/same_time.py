"""Does the coming hour, session or weekday have an effect?  The statistics of earlier days say."""

from itertools import pairwise

import numpy as np

from strandloom.indicators.calendar import STARTS_H
from strandloom.indicators.fold import rolling_sum
from strandloom.indicators.frame import Floats, Minutes


def same_hour_t(step: Floats, per_day: int, days: int) -> Floats:
    """Student's t of the returns at the time of day that comes next, over so many days.

    Looks back days × per_day returns.
    """
    outputs = step.shape[-1] - per_day * days + 1
    each = [step[..., (day * per_day) : (day * per_day) + outputs] for day in range(days)]
    return _t(sum(each[1:], each[0]), sum((x * x for x in each[1:]), each[0] * each[0]), days)


def same_session_t(step: Floats, next_hour: Minutes, days: int) -> Floats:
    """Student's t of the returns of the session that begins with the next bar, over so many days of hours.

    0 where no session begins.  Looks back days × 24 returns; `next_hour` [bar] is that of each output.
    """
    outputs = step.shape[-1] - 24 * days + 1
    t = np.zeros((*step.shape[:-1], outputs)) + 0.0 * rolling_sum(step, 24 * days)
    for start, stop in pairwise((*STARTS_H, 24)):
        whole = rolling_sum(step, stop - start)
        each = [whole[..., 24 * day : 24 * day + outputs] for day in range(days)]
        total, squares = sum(each[1:], each[0]), sum((x * x for x in each[1:]), each[0] * each[0])
        t = np.where(next_hour == start, _t(total, squares, days), t)
    return t


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
