"""What a braid says: every number computed from its members' outcomes, none by a language model."""

from collections.abc import Sequence
from statistics import fmean, median
from typing import NamedTuple

import numpy as np
from scipy.special import betaincinv

from strandloom.basics.ids import from_unix_ms
from strandloom.kinds.braid import Braid, BraidMember
from strandloom.learning.braids.clusters import type_of
from strandloom.learning.braids.yarn import Yarn
from strandloom.scoring.evidence import Floats, Ints, Outcomes, blocks, estimate
from strandloom.scoring.nulls import Sample, lower_bound, mirrored
from strandloom.scoring.resonance import WINDOW_BLOCKS, agreement, feedback, phi, resonance
from strandloom.scoring.success import ROOT_LOSSES, ROOT_WINS

ALPHA = 0.05
TOLD = 20  # words of `about`


class _Rate(NamedTuple):
    sr: float
    low: float
    high: float


def braid(cluster: str, level: int, members: Sequence[Yarn], whole: Yarn, theta: float) -> Braid:
    """The braid of these members; `whole` is all their outcomes together."""
    net = np.array(whole.net_bps, dtype=np.float64)
    opened = np.array(whole.opened_s, dtype=np.int64)
    block = opened // whole.block_s
    _, place = np.unique(block, return_inverse=True)
    sums: Floats = np.bincount(place, weights=net).astype(np.float64)
    sample = Sample.of(sums, np.bincount(place).astype(np.float64))
    rate = _rate(int((net > 0).sum()), net.size, sample.n)
    marks = _marks(whole, theta, sample.n)
    ranked = sorted(members, key=lambda yarn: (fmean(yarn.net_bps), yarn.strand))
    return Braid(
        cluster_type=type_of(cluster),
        cluster=cluster,
        level=level,
        members=len(members),
        n=whole.n,
        looked_at=net.size,
        n_blocks=sample.n,
        sr=rate.sr,
        sr_low=rate.low,
        sr_high=rate.high,
        mean_net_bps=fmean(whole.net_bps),
        median_net_bps=median(whole.net_bps),
        mean_gross_bps=fmean(whole.gross_bps),
        median_gross_bps=median(whole.gross_bps),
        net_low=lower_bound(sample, ALPHA) if sample.n > 1 else None,
        net_high=-lower_bound(mirrored(sample), ALPHA) if sample.n > 1 else None,
        drawdown_bps=_drawdown(net),
        best=_member(ranked[-1]),
        worst=_member(ranked[0]),
        phi=marks[0],
        rho=marks[1],
        resonance=marks[2],
        since=from_unix_ms(int(opened[0]) * 1_000),
        until=from_unix_ms(int(opened[-1]) * 1_000),
        about=dict(sorted(whole.about.items(), key=lambda item: (-item[1], item[0]))[:TOLD]),
    )


def _rate(wins: int, n: int, n_blocks: int) -> _Rate:
    """In block units, shrunk to one half like a root key."""
    unit = n_blocks / n
    a, b = ROOT_WINS + wins * unit, ROOT_LOSSES + (n - wins) * unit
    return _Rate(a / (a + b), float(betaincinv(a, b, 0.10)), float(betaincinv(a, b, 0.90)))


def _drawdown(net: Floats) -> float:
    total = np.concatenate([[0.0], np.cumsum(net)])
    return float((np.maximum.accumulate(total) - total).max())


def _marks(whole: Yarn, theta: float, n_blocks: int) -> tuple[float | None, float | None, float | None]:
    """φ over the timeframes, ρ and R; None where the blocks or timeframes are too few."""
    names = sorted(set(whole.scale))
    if len(names) < 2 and n_blocks < WINDOW_BLOCKS:
        return None, None, None
    scale = np.searchsorted(names, whole.scale).astype(np.int64)
    alike = _alike(whole, scale, len(names)) if len(names) > 1 else None
    lasts = _lasts(whole) if n_blocks >= WINDOW_BLOCKS else None
    if alike is None or lasts is None:
        return alike, lasts, None
    return alike, lasts, float(resonance(np.array([alike]), np.array([lasts]), theta)[0])


def _alike(whole: Yarn, scale: Ints, n_scales: int) -> float | None:
    by_scale = _blocks(whole, scale, n_scales)
    part = blocks(by_scale)
    m = agreement(estimate(part, by_scale.r_bps, np.ones(by_scale.key.size)))
    return _known(phi(np.zeros(n_scales, dtype=np.int64), m, part.n_blocks.astype(np.float64), 1))


def _lasts(whole: Yarn) -> float | None:
    every = _blocks(whole, np.zeros(len(whole.scale), dtype=np.int64), 1)
    return _known(feedback(blocks(every), every.p, every.base, every.won).rho)


def _blocks(whole: Yarn, key: Ints, n_keys: int) -> Outcomes:
    order = np.argsort(key, kind="stable")
    columns = {
        name: np.array(getattr(whole, name), dtype=np.float64)[order] for name in ("gross_bps", "p", "base")
    }
    return Outcomes(
        key=key[order],
        order=order,
        opened_s=np.array(whole.opened_s, dtype=np.int64)[order],
        r_bps=np.array(whole.net_bps, dtype=np.float64)[order],
        n_keys=n_keys,
        block_s=np.full(n_keys, whole.block_s, dtype=np.int64),
        **columns,
    )


def _known(value: Floats) -> float | None:
    return None if np.isnan(value[0]) else float(value[0])


def _member(yarn: Yarn) -> BraidMember:
    return BraidMember(strand=yarn.strand, net_bps=fmean(yarn.net_bps))
