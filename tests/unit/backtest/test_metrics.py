"""The metrics say what a well-kept library says of the same returns."""

import empyrical
import numpy as np
import pytest

from strandloom.backtest.metrics import bootstrap, drawdown, of_trades, ratios, returns

SERIES = [
    np.random.default_rng(seed).normal(drift, 0.02, 400) for seed, drift in enumerate((-0.001, 0.0, 0.003))
]


@pytest.mark.parametrize("days", SERIES)
def test_returns_and_ratios_agree_with_the_library(days: np.ndarray) -> None:
    yearly = {"annualization": 365}
    assert returns.total(days) == pytest.approx(empyrical.cum_returns_final(days))
    assert returns.annualised(days) == pytest.approx(empyrical.annual_return(days, **yearly))
    assert ratios.sharpe(days) == pytest.approx(empyrical.sharpe_ratio(days, **yearly))
    assert ratios.sortino(days) == pytest.approx(empyrical.sortino_ratio(days, **yearly))
    assert ratios.volatility(days) == pytest.approx(empyrical.annual_volatility(days, **yearly))
    assert ratios.calmar(days) == pytest.approx(empyrical.calmar_ratio(days, **yearly))


@pytest.mark.parametrize("days", SERIES)
def test_the_deepest_drawdown_agrees_with_the_library(days: np.ndarray) -> None:
    equity = np.concatenate([[1.0], np.cumprod(1.0 + days)])
    assert drawdown.deepest(equity) == pytest.approx(-empyrical.max_drawdown(days))


def test_a_drawdown_lasts_until_the_old_high_is_reached_again() -> None:
    equity = np.array([1.0, 1.1, 1.0, 0.9, 1.05, 1.2, 1.1])
    assert drawdown.deepest(equity) == pytest.approx(0.2 / 1.1)
    assert drawdown.longest(equity) == 3
    assert drawdown.longest(np.array([1.0, 2.0, 3.0])) == 0


def test_a_day_ends_at_midnight_and_the_first_counts_from_the_beginning() -> None:
    minute = np.arange(1_438, 1_438 + 4)
    days = returns.daily(minute, np.array([100.0, 110.0, 120.0, 121.0]), began_with=100.0)
    assert days == pytest.approx([0.1, 0.1])


def test_what_is_not_defined_is_not_known() -> None:
    flat = np.zeros(30)
    assert ratios.sharpe(flat) is None
    assert ratios.sortino(np.array([0.01, 0.02])) is None  # without a loss
    assert ratios.calmar(np.full(30, 0.01)) is None
    assert returns.annualised(np.full(27, 0.01)) is None  # less than four weeks
    assert of_trades.win_rate(np.array([])) is None
    assert of_trades.profit_factor(np.array([1.0, 2.0])) is None
    assert of_trades.share([]) is None


def test_profit_factor_and_win_rate_count_trades() -> None:
    results = np.array([3.0, -1.0, 0.0, 1.0, -1.0])
    assert of_trades.profit_factor(results) == 2.0
    assert of_trades.win_rate(results) == 0.4


def test_an_interval_is_the_same_every_time_and_holds_the_truth_of_white_noise() -> None:
    days = np.random.default_rng(4).normal(0.0005, 0.01, 250)
    first, second = (bootstrap.interval(days, ratios.sharpe) for _ in range(2))
    assert first == second
    assert first is not None
    low, high = first
    assert low < 0.0005 / 0.01 * 365**0.5 < high


def test_too_few_days_have_no_interval() -> None:
    assert bootstrap.interval(np.full(9, 0.01), returns.total) is None


def test_resampling_keeps_neighbours_together() -> None:
    """Days that follow each other move together, so blocks spread wider than single days would."""
    runs = np.repeat(np.random.default_rng(3).normal(0.0, 0.01, 60), 5)
    low, high = bootstrap.interval(runs, returns.total) or (0.0, 0.0)
    shuffled = np.random.default_rng(1).permutation(runs)
    other_low, other_high = bootstrap.interval(shuffled, returns.total) or (0.0, 0.0)
    assert high - low > 1.3 * (other_high - other_low)
