"""Sessions, hours and weekdays of a minute, in UTC."""

import numpy as np

from strandloom.indicators.frame import Floats, Minutes

# From each hour on, who trades: the overlaps are buckets of their own.
SESSIONS = ("asia", "asia_europe", "europe", "europe_us", "us", "us_asia")
STARTS_H = (0, 7, 9, 13, 16, 22)
_OF_HOUR = np.searchsorted(np.array(STARTS_H), np.arange(24), side="right") - 1
_NAMED = tuple(SESSIONS[number] for number in _OF_HOUR.tolist())


def hour_of_day(minute: Minutes) -> Minutes:
    """0..23."""
    return minute // 60 % 24


def weekday(minute: Minutes) -> Minutes:
    """0 is Monday; 1970 began on a Thursday."""
    return (minute // 1_440 + 3) % 7


def session_number(minute: Minutes) -> Minutes:
    """Index into SESSIONS."""
    return np.asarray(_OF_HOUR[hour_of_day(minute)], dtype=np.int64)


def session(minute: int) -> str:
    """The session bucket in which that minute lies."""
    return _NAMED[minute // 60 % 24]


def spread_over(symbols: int, values: Minutes) -> Floats:
    """The same value for every symbol."""
    return np.broadcast_to(values.astype(np.float64), (symbols, len(values)))
