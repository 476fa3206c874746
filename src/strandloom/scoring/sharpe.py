"""The deflated Sharpe ratio: how likely a Sharpe is real, given how many were tried."""

import numpy as np
from scipy.stats import kurtosis, norm, skew

from strandloom.scoring.evidence import Floats

EULER_GAMMA = 0.5772156649015329


def expected_best(n_trials: int, sd_of_sharpes: float) -> float:
    """The best Sharpe (per period) that so many worthless trials show on average."""
    if n_trials < 2:
        return 0.0
    near = norm.ppf(1.0 - 1.0 / n_trials)
    far = norm.ppf(1.0 - 1.0 / (n_trials * np.e))
    return float(sd_of_sharpes * ((1.0 - EULER_GAMMA) * near + EULER_GAMMA * far))


def deflated_sharpe(returns: Floats, n_trials: int, sd_of_sharpes: float) -> float | None:
    """The probability that the true Sharpe beats the best of so many worthless trials; None if undefined."""
    n = returns.size
    sd = float(returns.std(ddof=1)) if n > 1 else 0.0
    if n < 3 or sd <= 0.0:
        return None
    sr = float(returns.mean()) / sd
    tail = 1.0 - float(skew(returns)) * sr + (float(kurtosis(returns, fisher=False)) - 1.0) / 4.0 * sr**2
    if tail <= 0.0:
        return None
    return float(norm.cdf((sr - expected_best(n_trials, sd_of_sharpes)) * np.sqrt(n - 1) / np.sqrt(tail)))
