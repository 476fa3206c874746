"""Return per risk, of daily returns and per year; None where a ratio is not defined."""

import numpy as np

from strandloom.backtest.metrics.drawdown import deepest
from strandloom.backtest.metrics.returns import DAYS_PER_YEAR, annualised
from strandloom.indicators.frame import Floats

_NOTHING = 1e-15  # a deviation below this is rounding, not risk


def sharpe(returns: Floats) -> float | None:
    """Mean over standard deviation, times the root of 365; no riskless rate is taken off."""
    if returns.size < 2:
        return None
    sd = float(returns.std(ddof=1))
    return float(returns.mean()) / sd * DAYS_PER_YEAR**0.5 if sd > _NOTHING else None


def sortino(returns: Floats) -> float | None:
    """Mean over the root of the mean squared loss, gains counting as none."""
    if returns.size < 2:
        return None
    down = float(np.sqrt(np.mean(np.minimum(returns, 0.0) ** 2)))
    return float(returns.mean()) / down * DAYS_PER_YEAR**0.5 if down > _NOTHING else None


def calmar(returns: Floats) -> float | None:
    """Annualised return over the deepest drawdown of daily closes."""
    depth = deepest(np.concatenate([[1.0], np.cumprod(1.0 + returns)]))
    yearly = annualised(returns)
    return yearly / depth if yearly is not None and depth > _NOTHING else None


def volatility(returns: Floats) -> float | None:
    """Standard deviation per year."""
    return float(returns.std(ddof=1)) * DAYS_PER_YEAR**0.5 if returns.size > 1 else None
