"""Features rounded to 6 significant digits, so that the last bits can never decide a threshold."""

import numpy as np
from numpy.typing import NDArray

from strandloom.indicators.frame import Floats

Places = NDArray[np.int64]

DIGITS = 6
_POWERS = 10.0 ** np.arange(23)  # these powers are exact
_LOW, _HIGH = 10.0 ** (DIGITS - 1), 10.0**DIGITS


def six_digits(x: Floats) -> Floats:
    """The floats nearest to x written with 6 significant digits; what is not finite becomes NaN."""
    size = np.abs(x)
    usable = np.isfinite(x) & (size > 0.0)
    places = DIGITS - 1 - np.floor(np.log10(np.where(usable, size, 1.0)))
    places = np.clip(places, -22, 22).astype(np.int64)
    places = _corrected(size, places)
    rounded = _unscaled(np.rint(_scaled(x, places)), places)
    return np.where(usable, rounded, np.where(x == 0.0, 0.0, np.nan))


def _corrected(size: Floats, places: Places) -> Places:
    """The logarithm may be off by a bit next to a power of ten; look at the scaled value instead."""
    scaled = _scaled(size, places)
    places = places - (scaled >= _HIGH) + (scaled < _LOW)
    return np.clip(places, -22, 22)


def _scaled(x: Floats, places: Places) -> Floats:
    return np.where(places >= 0, x * _POWERS[np.maximum(places, 0)], x / _POWERS[np.maximum(-places, 0)])


def _unscaled(x: Floats, places: Places) -> Floats:
    return np.where(places >= 0, x / _POWERS[np.maximum(places, 0)], x * _POWERS[np.maximum(-places, 0)])
