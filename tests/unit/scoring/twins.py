"""Slow, obviously right twins of the scoring functions: one key at a time, plain Python loops."""

from math import sqrt, tanh
from statistics import NormalDist

import numpy as np

from strandloom.scoring.evidence import Outcomes

PHI = NormalDist().cdf


def some_outcomes(
    seed: int,
    *,
    n: int = 400,
    keys: int = 7,
    block_s: int = 7_200,
    span_s: int = 3_000_000,
    edge: float = 0.0,
) -> Outcomes:
    """Random outcomes of several keys, in random order."""
    rng = np.random.default_rng(seed)
    gross = rng.normal(edge, 30.0, n)
    return Outcomes(
        key=rng.integers(0, keys, n),
        order=rng.permutation(n),
        opened_s=rng.integers(0, span_s // 60, n) * 60,
        r_bps=gross - 4.0,
        gross_bps=gross,
        p=rng.uniform(0.2, 0.8, n),
        base=rng.uniform(0.4, 0.6, n),
        n_keys=keys,
        block_s=np.full(keys, block_s, dtype=np.int64),
    )


def rows_of(rows: Outcomes, key: int) -> list[dict[str, float]]:
    """One key's outcomes in order of opening."""
    mine = [
        {
            "opened": int(rows.opened_s[i]),
            "order": int(rows.order[i]),
            "r": float(rows.r_bps[i]),
            "p": float(rows.p[i]),
            "base": float(rows.base[i]),
            "block": int(rows.opened_s[i]) // int(rows.block_s[key]),
        }
        for i in range(rows.key.size)
        if rows.key[i] == key
    ]
    return sorted(mine, key=lambda row: (row["opened"], row["order"]))


def by_block(mine: list[dict[str, float]]) -> list[list[dict[str, float]]]:
    """The same outcomes, one list per block, oldest block first."""
    names = sorted({row["block"] for row in mine})
    return [[row for row in mine if row["block"] == name] for name in names]


def cluster(mine: list[dict[str, float]], w: dict[float, float]) -> tuple[float, float]:
    """Weighted mean and cluster-robust standard error of one key."""
    total = sum(w[row["order"]] for row in mine)
    mean = sum(w[row["order"]] * row["r"] for row in mine) / total
    groups = by_block(mine)
    b = len(groups)
    if b < 2:
        return mean, float("nan")
    off = sum((sum(w[row["order"]] * (row["r"] - mean) for row in group)) ** 2 for group in groups)
    return mean, max(sqrt(off * b / (b - 1)) / total, 1.0 / sqrt(b))


def feedback(mine: list[dict[str, float]]) -> tuple[float, float]:
    """ρ and ω of one key."""
    d = []
    for group in by_block(mine):
        gains = [(row["base"] - (row["r"] > 0)) ** 2 - (row["p"] - (row["r"] > 0)) ** 2 for row in group]
        d.append(sum(gains) / len(gains))
    windows = len(d) // 20
    rho = omega = float("nan")
    if windows >= 1:
        w = [0.7 ** (windows - 1 - i // 20) for i in range(windows * 20)]
        mean, se = weighted(d[: windows * 20], w)
        rho = max(0.0, 2 * PHI(mean / se) - 1) if se > 0 else float("nan")
    if windows >= 2:
        recent, recent_se = weighted(d[(windows - 1) * 20 : windows * 20], [1.0] * 20)
        prior, prior_se = weighted(d[: (windows - 1) * 20], [1.0] * (windows - 1) * 20)
        omega = tanh((recent - prior) / sqrt(recent_se**2 + prior_se**2))
    return rho, omega


def weighted(values: list[float], w: list[float]) -> tuple[float, float]:
    """Mean and standard error of weighted blocks."""
    total, n = sum(w), len(values)
    mean = sum(a * b for a, b in zip(values, w, strict=True)) / total
    off = sum((b * (a - mean)) ** 2 for a, b in zip(values, w, strict=True))
    return mean, sqrt(off * n / (n - 1)) / total


def phi(scales: list[tuple[float, int, float]]) -> float:
    """φ from (z, blocks, fresh) per timeframe."""
    if len(scales) < 2:
        return float("nan")
    pulled = weight = 0.0
    for z, n, fresh in scales:
        v = fresh / (fresh + 12)
        pulled += v * (2 * PHI(z * sqrt(n / (n + 12))) - 1)
        weight += v
    return max(0.0, pulled / (1 + weight))


def theta(fresh: list[float], phi_k: list[float], rho_k: list[float], corr: np.ndarray) -> float:
    """θ, key by key."""
    top = bottom = 0.0
    for k in range(len(fresh)):
        u = fresh[k] / (1 + sum(abs(corr[k, other]) for other in range(len(fresh)) if other != k))
        top += u * phi_k[k] * rho_k[k]
        bottom += u
    return top / bottom if bottom else 0.0


def pairwise(a: np.ndarray, b: np.ndarray) -> float:
    """Correlation of two keys over the blocks that both have."""
    both = np.isfinite(a) & np.isfinite(b)
    if both.sum() < 3 or a[both].std() == 0 or b[both].std() == 0:
        return 0.0
    return float(np.corrcoef(a[both], b[both])[0, 1])
