"""Mean, deviation, shape and slope of the last n columns, merged in pairs: large levels cost no digits."""

import numpy as np

from strandloom.indicators.fold import State, fold
from strandloom.indicators.frame import Floats


def mean_and_sd(x: Floats, n: int) -> tuple[Floats, Floats]:
    """Mean and population standard deviation; the deviation of equal values is exactly 0."""
    mean, m2 = fold((x, np.zeros_like(x)), n, _merge_2)
    return mean, np.sqrt(m2 / n)


def skew_and_kurtosis(x: Floats, n: int) -> tuple[Floats, Floats]:
    """Skewness and excess kurtosis of the last n columns; NaN where nothing moved."""
    zero = np.zeros_like(x)
    _, m2, m3, m4 = fold((x, zero, zero, zero), n, _merge_4)
    variance = m2 / n
    return (m3 / n) / (variance * np.sqrt(variance)), (m4 / n) / (variance * variance) - 3.0


def correlation_and_beta(y: Floats, x: Floats, n: int) -> tuple[Floats, Floats]:
    """Correlation of y with x over the last n columns, and the slope of y on x."""
    zero = np.zeros_like(x)
    _, _, yy, xx, yx = fold((y, x, zero, zero, zero), n, _merge_pair)
    return yx / np.sqrt(yy * xx), yx / xx


def slope(x: Floats, n: int) -> Floats:
    """Slope per column of the straight line through the last n columns."""
    _, together = fold((x, np.zeros_like(x)), n, _merge_slope)
    return together * (12.0 / (n * (n * n - 1)))


def _merge_slope(older: State, newer: State, a: int, b: int) -> State:
    """The centres of the two parts are (a + b) / 2 columns apart, whatever the columns hold."""
    off = newer[0] - older[0]
    return older[0] + off * (b / (a + b)), older[1] + newer[1] + off * (a * b / 2.0)


def _merge_2(older: State, newer: State, a: int, b: int) -> State:
    off = newer[0] - older[0]
    return older[0] + off * (b / (a + b)), older[1] + newer[1] + off * off * (a * b / (a + b))


def _merge_4(older: State, newer: State, a: int, b: int) -> State:
    n = a + b
    off = newer[0] - older[0]
    off2 = off * off
    m2 = older[1] + newer[1] + off2 * (a * b / n)
    m3 = older[2] + newer[2] + off * (a * newer[1] - b * older[1]) * (3.0 / n)
    m4 = older[3] + newer[3] + off * (a * newer[2] - b * older[2]) * (4.0 / n)
    m4 = m4 + off2 * (a * a * newer[1] + b * b * older[1]) * (6.0 / (n * n))
    m4 = m4 + off2 * off2 * (a * b * (a * a - a * b + b * b) / n**3)
    if a != b:
        m3 = m3 + off2 * off * (a * b * (a - b) / (n * n))
    return older[0] + off * (b / n), m2, m3, m4


def _merge_pair(older: State, newer: State, a: int, b: int) -> State:
    n = a + b
    share, weight = b / n, a * b / n
    off_y, off_x = newer[0] - older[0], newer[1] - older[1]
    return (
        older[0] + off_y * share,
        older[1] + off_x * share,
        older[2] + newer[2] + off_y * off_y * weight,
        older[3] + newer[3] + off_x * off_x * weight,
        older[4] + newer[4] + off_y * off_x * weight,
    )
