"""What the design promises of every score, for any input."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from strandloom.scoring import evidence, gate, marks, nulls, resonance, success
from strandloom.scoring.evidence import Outcomes

NOW = 3_000_000
numbers = st.floats(allow_nan=True, allow_infinity=True)


@st.composite
def any_outcomes(draw: st.DrawFn) -> Outcomes:
    """Few or many outcomes of a few keys, with forecasts and results of any kind."""
    n, keys = draw(st.integers(0, 120)), draw(st.integers(1, 4))
    seed = draw(st.integers(0, 2**32 - 1))
    scale = draw(st.sampled_from([0.0, 1e-9, 1.0, 1e6]))
    rng = np.random.default_rng(seed)
    r = rng.normal(0, 1, n) * scale
    if n and draw(st.booleans()):
        r[rng.random(n) < 0.2] = np.nan
    return Outcomes(
        key=rng.integers(0, keys, n),
        order=rng.permutation(n),
        opened_s=rng.integers(0, NOW, n),
        r_bps=r,
        gross_bps=r,
        p=rng.random(n),
        base=rng.random(n),
        n_keys=keys,
        block_s=np.full(keys, draw(st.sampled_from([120, 7_200, 172_800]))),
    )


def all_scores(rows: Outcomes) -> dict[str, np.ndarray]:
    """Every score per key; all keys are taken as the timeframes of one owner for φ."""
    rows = evidence.in_order(rows)
    w = evidence.weights(rows.opened_s, NOW)
    part = evidence.blocks(rows)
    wins, losses = success.counts(part, rows.won, w)
    raw = part.per_key(part.sum(w * rows.won)), part.per_key(part.sum(w * ~rows.won))
    parent = np.concatenate([[-1], np.zeros(rows.n_keys - 1, dtype=np.int64)]).astype(np.int64)
    rate = success.success(wins, losses, *raw, parent)
    net = evidence.estimate(part, rows.r_bps, w)
    fresh = evidence.fresh(part, w)
    m = resonance.agreement(net)
    skill = resonance.feedback(part, rows.p, rows.base, rows.won)
    owner = np.zeros(rows.n_keys, dtype=np.int64)
    phi = resonance.phi(owner, m, fresh, 1)
    return {
        "sr": rate.sr,
        "lower": rate.lower,
        "m": m,
        "phi": phi,
        "rho": skill.rho,
        "omega": skill.omega,
        "R": resonance.resonance(np.full(rows.n_keys, phi[0]), skill.rho, 0.3),
    }


RANGES = {
    "sr": (0, 1),
    "lower": (0, 1),
    "m": (-1, 1),
    "phi": (0, 1),
    "rho": (0, 1),
    "omega": (-1, 1),
    "R": (0, 1),
}


@given(any_outcomes())
def test_every_score_stays_in_its_range_or_is_unknown(rows: Outcomes) -> None:
    for name, values in all_scores(rows).items():
        low, high = RANGES[name]
        known = values[~np.isnan(values)]
        assert ((known >= low) & (known <= high)).all(), name


@given(any_outcomes(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows: Outcomes, random: object) -> None:
    shuffled = np.random.default_rng(random.randint(0, 2**31)).permutation(rows.key.size)  # type: ignore[attr-defined]
    columns = ("key", "order", "opened_s", "r_bps", "gross_bps", "p", "base")
    other = Outcomes(
        **{name: getattr(rows, name)[shuffled] for name in columns}, n_keys=rows.n_keys, block_s=rows.block_s
    )
    first, second = all_scores(rows), all_scores(other)
    for name, values in first.items():
        np.testing.assert_array_equal(values, second[name], err_msg=name)


@given(st.floats(5, 100), st.integers(2, 40))
def test_repeating_a_win_moves_success_and_agreement_up(r: float, n: int) -> None:
    def repeated(times: int) -> dict[str, np.ndarray]:
        return all_scores(
            Outcomes(
                key=np.zeros(times, dtype=np.int64),
                order=np.arange(times),
                opened_s=NOW - 7_200 * np.arange(times)[::-1] - 60,
                r_bps=np.full(times, r),
                gross_bps=np.full(times, r),
                p=np.full(times, 0.6),
                base=np.full(times, 0.5),
                n_keys=1,
                block_s=np.array([7_200]),
            )
        )

    fewer, more = repeated(n), repeated(n + 1)
    assert more["sr"][0] >= fewer["sr"][0]
    assert more["m"][0] >= fewer["m"][0] - 1e-12
    assert fewer["sr"][0] > 0.5


@given(st.integers(0, 1_000))
def test_repeating_what_was_forecast_well_moves_rho_up(seed: int) -> None:
    rng = np.random.default_rng(seed)
    noisy = rng.normal(0, 20, 40)

    def with_more(times: int) -> float:
        r = np.concatenate([noisy, np.full(times, 30.0)])
        n = r.size
        rows = Outcomes(
            key=np.zeros(n, dtype=np.int64),
            order=np.arange(n),
            opened_s=np.arange(n) * 7_200,
            r_bps=r,
            gross_bps=r,
            p=np.full(n, 0.8),
            base=np.full(n, 0.5),
            n_keys=1,
            block_s=np.array([7_200]),
        )
        part = evidence.blocks(rows)
        return float(resonance.feedback(part, rows.p, rows.base, rows.won).rho[0])

    assert with_more(60) >= with_more(20) - 1e-9


@given(
    st.lists(st.tuples(st.floats(-0.99, 0.99), st.floats(0.1, 200)), min_size=2, max_size=6),
    st.floats(0.0, 1.0),
    st.floats(0.1, 200),
)
def test_a_timeframe_that_agrees_at_least_as_strongly_never_lowers_phi(
    scales: list[tuple[float, float]], more: float, fresh: float
) -> None:
    m, f = (np.array(column) for column in zip(*scales, strict=True))
    v = f / (f + 12)
    mean = float((v * m).sum() / v.sum())
    agreeing = mean + more * (1 - mean) if mean >= 0 else max(mean, 0.0) + more
    assume(agreeing <= 1.0)
    before = resonance.phi(np.zeros(m.size, dtype=np.int64), m, f, 1)[0]
    longer = np.append(m, agreeing), np.append(f, fresh)
    after = resonance.phi(np.zeros(m.size + 1, dtype=np.int64), *longer, 1)[0]
    assert after >= before - 1e-12


@settings(max_examples=50)
@given(st.integers(0, 10_000), st.integers(1, 12))
def test_duplicating_every_pattern_leaves_theta_unchanged(seed: int, keys: int) -> None:
    rng = np.random.default_rng(seed)
    returns = rng.normal(size=(keys, 40))
    returns[rng.random(returns.shape) < 0.2] = np.nan
    if keys > 1:
        returns[0] = 3.0  # undefined correlations
    fresh, phi, rho = rng.uniform(0.1, 30, keys), rng.random(keys), rng.random(keys)
    once = resonance.theta(fresh, phi, rho, resonance.correlations(returns))
    twice = resonance.theta(
        np.tile(fresh, 2), np.tile(phi, 2), np.tile(rho, 2), resonance.correlations(np.tile(returns, (2, 1)))
    )
    assert twice == pytest.approx(once, rel=1e-9)
    assert 0.0 <= once <= 1.0


@given(
    arrays.arrays(np.float64, st.integers(0, 60), elements=numbers),
    numbers,
    st.integers(0, 100),
)
def test_surprise_is_a_probability_or_unknown(earlier: np.ndarray, r: float, n_blocks: int) -> None:
    value = marks.surprise(r, earlier, n_blocks)
    assert value is None or 0.0 <= value <= 1.0
    if n_blocks < 20:
        assert value is None


@given(arrays.arrays(np.float64, st.integers(0, 130), elements=st.floats(-1e6, 1e6)))
def test_persistence_is_a_probability_or_unknown(means: np.ndarray) -> None:
    value = marks.persistence(means)
    assert (value is None) == (means.size < 40)
    assert value is None or 0.0 <= value <= 1.0


@given(st.lists(st.floats(0, 1), max_size=60), st.integers(0, 5_000))
def test_whatever_passes_the_gate_has_a_lower_bound_above_zero(ps: list[float], extra: int) -> None:
    level = gate.rejection_level(np.array(ps), len(ps) + extra)
    rng = np.random.default_rng(len(ps) + extra)
    x = rng.normal(0.5, 1.0, 60) + rng.exponential(0.2, 60)
    net = nulls.Sample.of(x, np.ones(60), sd_floor=1e-9)
    look = gate.look_at(net, net)
    if look is not None and gate.look_p([look]) <= level:
        assert gate.adjusted_lower(net, look, level) >= 0.0


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40), st.integers(0, 2_000))
def test_the_gate_agrees_with_a_plain_step_up(ps: list[float], extra: int) -> None:
    m = max(len(ps) + extra, 500)
    ranked = sorted(ps)
    k = max((i + 1 for i, p in enumerate(ranked) if p <= 0.10 * (i + 1) / m), default=0)
    assert int(gate.pass_gate(np.array(ps), len(ps) + extra).sum()) >= k
    assert set(np.array(ps)[gate.pass_gate(np.array(ps), len(ps) + extra)]) == set(ranked[:k])
