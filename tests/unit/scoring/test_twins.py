"""Every scoring function agrees with its slow twin."""

import numpy as np
import pytest
from scipy import stats

from strandloom.scoring import evidence, nulls, resonance, sharpe, success
from tests.unit.scoring import twins

SEEDS = range(6)


@pytest.mark.parametrize("seed", SEEDS)
def test_cluster_mean_and_error_agree_with_loops(seed: int) -> None:
    rows = evidence.in_order(twins.some_outcomes(seed))
    w = evidence.weights(rows.opened_s, 3_000_000)
    by_order = dict(zip(rows.order.tolist(), w.tolist(), strict=True))
    part = evidence.blocks(rows)
    got = evidence.estimate(part, rows.r_bps, w)
    for key in range(rows.n_keys):
        mean, se = twins.cluster(twins.rows_of(rows, key), by_order)
        assert got.mean[key] == pytest.approx(mean, rel=1e-9)
        assert got.se[key] == pytest.approx(se, rel=1e-9)
        assert got.n_blocks[key] == len(twins.by_block(twins.rows_of(rows, key)))


@pytest.mark.parametrize("seed", SEEDS)
def test_fresh_takes_the_freshest_outcome_of_each_block(seed: int) -> None:
    rows = evidence.in_order(twins.some_outcomes(seed))
    w = evidence.weights(rows.opened_s, 3_000_000)
    got = evidence.fresh(evidence.blocks(rows), w)
    weight_of = dict(zip(rows.order.tolist(), w.tolist(), strict=True))
    for key in range(rows.n_keys):
        groups = twins.by_block(twins.rows_of(rows, key))
        assert got[key] == pytest.approx(sum(max(weight_of[r["order"]] for r in g) for g in groups))


@pytest.mark.parametrize("seed", SEEDS)
def test_rho_and_omega_agree_with_loops(seed: int) -> None:
    rows = evidence.in_order(twins.some_outcomes(seed, n=1_500, keys=8))
    got = resonance.feedback(evidence.blocks(rows), rows.p, rows.base, rows.won)
    for key in range(rows.n_keys):
        rho, omega = twins.feedback(twins.rows_of(rows, key))
        assert got.rho[key] == pytest.approx(rho, nan_ok=True, abs=1e-12)
        assert got.omega[key] == pytest.approx(omega, nan_ok=True, abs=1e-12)


def test_rho_is_unknown_below_twenty_blocks() -> None:
    rows = evidence.in_order(twins.some_outcomes(1, n=15, keys=1))
    got = resonance.feedback(evidence.blocks(rows), rows.p, rows.base, rows.won)
    assert np.isnan(got.rho[0])


@pytest.mark.parametrize("seed", SEEDS)
def test_phi_agrees_with_loops(seed: int) -> None:
    rng = np.random.default_rng(seed)
    owner = np.repeat(np.arange(5), 4)
    mean, se = rng.normal(0, 5, 20), rng.uniform(1, 5, 20)
    n, fresh = rng.integers(2, 200, 20), rng.uniform(0, 50, 20)
    fresh[rng.random(20) < 0.4] = 0.0
    m = resonance.agreement(evidence.Estimate(mean=mean, se=se, n_blocks=n))
    got = resonance.phi(owner, m, fresh, 5)
    for k in range(5):
        scales = [(mean[i] / se[i], int(n[i]), fresh[i]) for i in range(20) if owner[i] == k and fresh[i] > 0]
        assert got[k] == pytest.approx(twins.phi(scales), nan_ok=True)


@pytest.mark.parametrize("seed", SEEDS)
def test_correlations_agree_with_numpy_pair_by_pair(seed: int) -> None:
    rng = np.random.default_rng(seed)
    common = rng.normal(size=40)
    returns = 0.6 * common + rng.normal(size=(8, 40))
    returns[rng.random(returns.shape) < 0.3] = np.nan
    returns[6] = returns[5]
    returns[7] = np.nan
    got = resonance.correlations(returns)
    for a in range(8):
        for b in range(8):
            expected = 1.0 if a == b else twins.pairwise(returns[a], returns[b])
            assert got[a, b] == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_theta_agrees_with_loops(seed: int) -> None:
    rng = np.random.default_rng(seed)
    returns = rng.normal(size=(9, 30))
    corr = resonance.correlations(returns)
    fresh, phi, rho = rng.uniform(1, 40, 9), rng.uniform(0, 1, 9), rng.uniform(0, 1, 9)
    expected = twins.theta(fresh.tolist(), phi.tolist(), rho.tolist(), corr)
    assert resonance.theta(fresh, phi, rho, corr) == pytest.approx(expected)


def test_success_rate_is_shrunk_to_the_parent_without_the_child() -> None:
    parent = np.array([-1, 0, 1, 1])
    raw_wins, raw_losses = np.array([30.0, 20.0, 15.0, 5.0]), np.array([30.0, 20.0, 5.0, 15.0])
    got = success.success(raw_wins, raw_losses, raw_wins, raw_losses, parent)
    assert got.sr[0] == pytest.approx(34 / 68)
    p_parent = (20 - 15) / (40 - 20)
    a, b = 8 * p_parent + 15, 8 * (1 - p_parent) + 5
    assert got.sr[2] == pytest.approx(a / (a + b))
    assert got.lower[2] == pytest.approx(stats.beta.ppf(0.10, a, b))


def test_an_only_child_asks_its_grandparent() -> None:
    parent = np.array([-1, 0, 1])
    raw_wins, raw_losses = np.array([12.0, 2.0, 2.0]), np.array([8.0, 8.0, 8.0])
    rate = success.prior_rate(raw_wins, raw_losses, parent)
    assert rate[2] == pytest.approx(0.98)  # (12 − 2) wins, (8 − 8) losses remain, clipped


def test_without_any_other_outcome_the_root_prior_answers() -> None:
    rate = success.prior_rate(np.array([3.0, 3.0]), np.array([1.0, 1.0]), np.array([-1, 0]))
    assert rate[1] == 0.5


def test_one_sided_p_is_students_t_when_nothing_is_skewed() -> None:
    x = np.concatenate([np.arange(-30.0, 31.0), np.arange(-30.0, 31.0)]) + 4.0
    sample = nulls.Sample.of(x, np.ones_like(x))
    theirs = stats.ttest_1samp(x, 0.0, alternative="greater").pvalue
    assert nulls.p_above(sample) == pytest.approx(theirs, rel=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_lower_bound_is_the_null_that_is_just_rejected(seed: int) -> None:
    x = np.random.default_rng(seed).gamma(2.0, 10.0, 90) - 12.0
    sample = nulls.Sample.of(x, np.ones_like(x))
    for alpha in (0.001, 0.05, 0.3):
        assert nulls.p_above(sample, nulls.lower_bound(sample, alpha)) == pytest.approx(alpha, rel=1e-6)


def test_deflated_sharpe_falls_with_the_number_of_trials() -> None:
    returns = np.random.default_rng(0).normal(0.1, 1.0, 400)
    few, many = (sharpe.deflated_sharpe(returns, n, 0.05) for n in (1, 1_000))
    assert few is not None and many is not None and 0.0 < many < few < 1.0


def test_expected_best_of_worthless_trials_agrees_with_simulation() -> None:
    best = np.random.default_rng(1).normal(size=(4_000, 50)).max(axis=1).mean()
    assert sharpe.expected_best(50, 1.0) == pytest.approx(best, abs=0.05)
