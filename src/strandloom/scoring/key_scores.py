"""Every score of every key at once, from what its outcomes add up to."""

from dataclasses import dataclass, fields

import numpy as np
from scipy.special import betaincinv, ndtr

from strandloom.scoring import resonance
from strandloom.scoring.evidence import SD_FLOOR_BPS, Estimate, Floats, Ints
from strandloom.scoring.resonance import ALPHA, WINDOW_BLOCKS
from strandloom.scoring.success import success
from strandloom.scoring.tally import Tally, scale

NONE = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Kinship:
    """Who each key inherits from, and whose φ it shares."""

    parent: Ints  # number of the parent, −1 for the root
    owner: Ints  # the same key without its timeframe; −1 for families and the root
    is_scale: Ints  # 1 where the key has a timeframe


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyScores:
    """One value per key; NaN where it is not known."""

    n: Floats
    n_blocks: Floats
    fresh: Floats
    sr: Floats
    sr_low: Floats
    net_bps: Floats
    se_bps: Floats
    phi: Floats
    rho: Floats
    omega: Floats
    resonance: Floats
    persistence: Floats
    brier_skill: Floats


NAMES = tuple(field.name for field in fields(KeyScores))


def key_scores(tally: Tally, kin: Kinship, now_s: float, theta: float) -> KeyScores:
    """The scores of all keys as of a moment."""
    now, n = scale(now_s), tally["n_blocks"]
    wins, losses = tally["wins"] * now, tally["losses"] * now
    with np.errstate(invalid="ignore", divide="ignore"):
        unit = np.where(tally["rows"] > 0, n / tally["rows"], 0.0)
        skill = 1.0 - tally["loss_p"] / tally["loss_base"]
    rate = success(wins * unit, losses * unit, wins, losses, kin.parent, rows=tally["rows"])
    net, fresh = estimate(tally), tally["fresh"] * now
    phi = _phi(net, fresh, kin)
    rho, omega = _feedback(tally)
    return KeyScores(
        n=tally["rows"],
        n_blocks=n,
        fresh=fresh,
        sr=rate.sr,
        sr_low=rate.lower,
        net_bps=net.mean,
        se_bps=net.se,
        phi=phi,
        rho=rho,
        omega=omega,
        resonance=resonance.resonance(phi, rho, theta),
        persistence=_persistence(tally),
        brier_skill=skill,
    )


def estimate(tally: Tally) -> Estimate:
    """Weighted mean net result with its cluster-robust standard error."""
    n, weight = tally["n_blocks"], tally["wins"] + tally["losses"]
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = tally["r_bps"] / weight
        off = tally["yy"] - 2.0 * mean * tally["wy"] + mean**2 * tally["ww"]
        se = np.sqrt(np.maximum(off, 0.0) * n / (n - 1)) / weight
        se = np.maximum(se, SD_FLOOR_BPS / np.sqrt(n))
    se[n < 2] = np.nan
    return Estimate(mean=mean, se=se, n_blocks=n.astype(np.int64))


def _phi(net: Estimate, fresh: Floats, kin: Kinship) -> Floats:
    scales = (kin.is_scale > 0) & (kin.owner != NONE)
    m = resonance.agreement(net)[scales]
    of_owner = resonance.phi(kin.owner[scales], m, fresh[scales], kin.parent.size)
    shared = of_owner[kin.owner]
    shared[kin.owner == NONE] = np.nan
    return np.asarray(shared, dtype=np.float64)


def _feedback(t: Tally) -> tuple[Floats, Floats]:
    """ρ and ω; a window whose twentieth block is the newest one counts as whole."""
    n = t["n_blocks"]
    windows = n // WINDOW_BLOCKS
    full = (n > 0) & (n % WINDOW_BLOCKS == 0)
    keep = np.where(full, 1.0 - ALPHA, 1.0)
    k1, k2 = _filled(t)
    add = np.where(full, float(WINDOW_BLOCKS), 0.0)
    w, ww = keep * t["ew"] + add, keep**2 * t["eww"] + add
    d, wd, dd = keep * t["ed"] + k1, keep**2 * t["ewd"] + k1, keep**2 * t["edd"] + k2
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = d / w
        off = dd - 2.0 * mean * wd + mean**2 * ww
        used = windows * WINDOW_BLOCKS
        se = _not_tiny(np.sqrt(np.maximum(off, 0.0) * used / (used - 1)) / w, mean + t["shift"])
        rho = np.maximum(2.0 * ndtr((mean + t["shift"]) / se) - 1.0, 0.0)
    rho[(windows < 1) | ~(se > 0)] = np.nan
    return rho, _omega(t, full, k1, k2, windows)


def _filled(t: Tally) -> tuple[Floats, Floats]:
    """Skill sums of the window that the newest block fills up; 0 where it does not."""
    full = (t["n_blocks"] > 0) & (t["n_blocks"] % WINDOW_BLOCKS == 0)
    d = t["b_gain"] / np.maximum(t["b_rows"], 1.0) - t["shift"]
    return np.where(full, t["k1"] + d, 0.0), np.where(full, t["k2"] + d**2, 0.0)


def _omega(t: Tally, full: np.ndarray, k1: Floats, k2: Floats, windows: Floats) -> Floats:
    """The newest whole window against all whole windows before it."""
    one = float(WINDOW_BLOCKS)
    recent, recent_se = _mean_se(np.where(full, k1, t["last1"]), np.where(full, k2, t["last2"]), one, t)
    before1 = t["old1"] + np.where(full, t["last1"], 0.0)
    before2 = t["old2"] + np.where(full, t["last2"], 0.0)
    prior, prior_se = _mean_se(before1, before2, one * (windows - 1), t)
    with np.errstate(invalid="ignore", divide="ignore"):
        omega = np.tanh((recent - prior) / np.hypot(recent_se, prior_se))
    omega[(windows < 2) | ~np.isfinite(omega)] = np.nan
    return np.asarray(omega, dtype=np.float64)


def _mean_se(s1: Floats, s2: Floats, n: Floats | float, t: Tally) -> tuple[Floats, Floats]:
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = s1 / n
        off = np.maximum(s2 - s1 * mean, 0.0)
        se = np.sqrt(off * n / (n - 1.0)) / n
    return mean, _not_tiny(se, mean + t["shift"])


def _not_tiny(se: Floats, mean: Floats) -> Floats:
    """A standard error that is only rounding is none."""
    tiny = 1e-12 * np.maximum(np.abs(mean), 1e-3)
    return np.where(se > tiny, se, 0.0)


def _persistence(t: Tally) -> Floats:
    """10 % lower bound of the probability that a window's sign holds in the next."""
    n = t["n_blocks"]
    windows = n // WINDOW_BLOCKS
    full = (n > 0) & (n % WINDOW_BLOCKS == 0)
    newest = np.sign(t["kr"] + t["b_r"] / np.maximum(t["b_rows"], 1.0))
    held = t["held"] + (full & (windows >= 2) & (newest == t["sign"]))
    pairs = np.maximum(windows - 1, 0)
    out = betaincinv(0.5 + held, 0.5 + np.maximum(pairs - held, 0.0), 0.10)
    return np.where(windows >= 2, out, np.nan)
