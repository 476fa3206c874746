"""φ, ρ, θ, ω and R: how alike a pattern is across scales, how its forecasts last, how alive all is."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from strandloom.scoring.evidence import Blocks, Bools, Estimate, Floats, Ints

DAMPING = 12.0
WINDOW_BLOCKS = 20
ALPHA = 0.3
MOST_CORRELATED = 2_000


def agreement(scale: Estimate) -> Floats:
    """m_j: how surely one timeframe earns (+1) or loses (-1), damped where the blocks are few."""
    n = scale.n_blocks
    return 2.0 * ndtr(scale.z * np.sqrt(n / (n + DAMPING))) - 1.0


def phi(owner: Ints, m: Floats, fresh: Floats, n_owners: int) -> Floats:
    """φ of every owner from its timeframes' agreement; NaN below two timeframes with outcomes."""
    has = fresh > 0
    owner, m, fresh = owner[has], m[has], fresh[has]
    v = fresh / (fresh + DAMPING)
    pulled = np.bincount(owner, weights=v * m, minlength=n_owners)
    weight = np.bincount(owner, weights=v, minlength=n_owners)
    scales = np.bincount(owner, minlength=n_owners)
    return np.where(scales >= 2, np.maximum(pulled / (1.0 + weight), 0.0), np.nan)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """ρ, ω and the plain Brier skill per key; NaN where the blocks are too few."""

    rho: Floats
    omega: Floats
    brier_skill: Floats


def feedback(part: Blocks, p: Floats, base: Floats, won: Bools) -> Feedback:
    """Does forecasting skill persist?  Skill per block is the gain of p over base in squared error."""
    y = won.astype(np.float64)
    loss_base, loss_p = (base - y) ** 2, (p - y) ** 2
    d_b = part.sum(loss_base - loss_p) / np.maximum(part.rows, 1)
    place = np.arange(part.key.size) - part.start[part.key]
    windows = part.n_blocks // WINDOW_BLOCKS
    whole = place // WINDOW_BLOCKS < windows[part.key]
    newest = windows[part.key] - 1
    w = np.where(whole, (1.0 - ALPHA) ** (newest - place // WINDOW_BLOCKS).astype(np.float64), 0.0)
    mean, se = _weighted(part, d_b, w)
    with np.errstate(invalid="ignore", divide="ignore"):
        rho = np.maximum(2.0 * ndtr(mean / se) - 1.0, 0.0)
        skill = 1.0 - part.per_key(part.sum(loss_p)) / part.per_key(part.sum(loss_base))
    rho[(windows < 1) | ~(se > 0)] = np.nan
    return Feedback(rho=rho, omega=_trend(part, d_b, place, windows), brier_skill=skill)


def _trend(part: Blocks, d_b: Floats, place: Ints, windows: Ints) -> Floats:
    """ω: the newest whole window against all whole windows before it."""
    window = place // WINDOW_BLOCKS
    newest = windows[part.key] - 1
    recent, recent_se = _weighted(part, d_b, (window == newest).astype(np.float64))
    prior, prior_se = _weighted(part, d_b, (window < newest).astype(np.float64))
    with np.errstate(invalid="ignore", divide="ignore"):
        omega = np.tanh((recent - prior) / np.hypot(recent_se, prior_se))
    omega[(windows < 2) | ~np.isfinite(omega)] = np.nan
    return omega


def _weighted(part: Blocks, values: Floats, w: Floats) -> tuple[Floats, Floats]:
    """Mean and standard error over blocks of a value per block, with a weight per block."""
    total = part.per_key(w)
    used = part.per_key((w > 0).astype(np.float64))
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = part.per_key(w * values) / total
        off = part.per_key((w * (values - mean[part.key])) ** 2)
        se = np.sqrt(off * used / (used - 1)) / total
    tiny = 1e-12 * np.maximum(np.abs(mean), 1e-3)
    return mean, np.where(se > tiny, se, 0.0)


def correlations(returns: Floats) -> Floats:
    """Pairwise correlation of keys' block returns [key × block], NaN where a key had none in a block.

    Undefined correlations are 0, those of exact duplicates 1; the diagonal is 1.
    """
    seen = np.isfinite(returns)
    mask = seen.astype(np.float64)
    count = np.maximum(mask.sum(axis=1, keepdims=True), 1.0)
    centre = np.where(seen, returns, 0.0).sum(axis=1, keepdims=True) / count
    x = np.where(seen, returns - centre, 0.0)
    n = mask @ mask.T
    sx, sxx, sxy = x @ mask.T, (x * x) @ mask.T, x @ x.T
    with np.errstate(invalid="ignore", divide="ignore"):
        cov = sxy - sx * sx.T / n
        var = sxx - sx * sx / n
        corr = cov / np.sqrt(var * var.T)
    corr[~np.isfinite(corr) | (n < 3)] = 0.0
    np.clip(corr, -1.0, 1.0, out=corr)
    _mark_duplicates(returns, corr)
    np.fill_diagonal(corr, 1.0)
    return corr


def _mark_duplicates(returns: Floats, corr: Floats) -> None:
    """Keys with the very same returns correlate at 1, even where their variance says nothing."""
    _, group = np.unique(np.nan_to_num(returns, nan=np.inf), axis=0, return_inverse=True)
    members = np.argsort(group.ravel(), kind="stable")
    for same in np.split(members, np.flatnonzero(np.diff(group.ravel()[members])) + 1):
        if same.size > 1:
            corr[np.ix_(same, same)] = 1.0


def theta(fresh: Floats, phi_k: Floats, rho_k: Floats, corr: Floats) -> float:
    """θ: mean φ·ρ of leaf keys, each counted by its fresh evidence and by how much it stands alone."""
    if not fresh.size:
        return 0.0
    alone = fresh / np.abs(corr).sum(axis=1)  # the diagonal's 1 is the design's "1 + others"
    alive = np.nan_to_num(phi_k) * np.nan_to_num(rho_k)
    total = alone.sum()
    return float((alone * alive).sum() / total) if total > 0 else 0.0


def resonance(phi_k: Floats, rho_k: Floats, theta_now: float) -> Floats:
    """R = sqrt(φ·ρ)·(1+θ)/2; NaN where φ or ρ is."""
    return np.sqrt(phi_k * rho_k) * (1.0 + theta_now) / 2.0
