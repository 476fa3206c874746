"""Features rounded to 6 significant digits, so that the last bits can never decide a threshold."""

import numpy as np
from numpy.typing import NDArray

from strandloom.indicators.frame import Flags, Floats

Places = NDArray[np.intp]

DIGITS = 6
_LOW, _HIGH = 10.0 ** (DIGITS - 1), 10.0**DIGITS
_MOST = 22  # powers of ten up to here are exact
_BY_PLACE = np.arange(-_MOST, _MOST + 1)
_TIMES, _OVER = (10.0 ** np.maximum(sign * _BY_PLACE, 0) for sign in (1, -1))  # one of them is always 1
_SMALLEST = -1_100  # no float has a smaller binary exponent
_EXPONENTS = np.arange(_SMALLEST, -_SMALLEST)
_GUESS = (
    np.clip(DIGITS - 1 - np.floor((_EXPONENTS - 1) * np.log10(2.0)), -_MOST, _MOST).astype(np.intp) + _MOST
)
_AT_ONCE = 16_384  # values: what fits into the processor's cache with everything that is made of them


def six_digits(x: Floats) -> Floats:
    """The floats nearest to x written with 6 significant digits; what is not finite becomes NaN."""
    values = np.ascontiguousarray(x).reshape(-1)
    out = np.empty(values.size)
    for begins in range(0, values.size, _AT_ONCE):
        part = slice(begins, begins + _AT_ONCE)
        out[part] = _rounded(values[part])
    return out.reshape(x.shape)


def _rounded(x: Floats) -> Floats:
    size = np.abs(x)
    usable = np.isfinite(x) & (size > 0.0)
    at = _places(size, usable)
    times, over = _TIMES[at], _OVER[at]
    rounded = np.rint(x * times / over) * over / times
    return np.where(usable, rounded, np.where(x == 0.0, 0.0, np.nan))


def _places(size: Floats, usable: Flags) -> Places:
    """Which power of ten leaves six digits before the point, as a place in the tables.

    The binary exponent says it but for one; the scaled value itself decides.
    """
    size = np.where(usable, size, 1.0)
    at = _GUESS[np.frexp(size)[1] - _SMALLEST]
    scaled = size * _TIMES[at] / _OVER[at]
    found: Places = at - (scaled >= _HIGH) + (scaled < _LOW)
    return np.minimum(np.maximum(found, 0), 2 * _MOST, dtype=np.intp)
