"""How often the gate is wrong, and how often it finds what is there."""

import numpy as np

from strandloom.scoring import gate
from tests.simulated.blocks import Candidates, edge_bps, looks_at, promoted

ALL, MANY, TRUE_SHARE = 200, 500, 0.10
BLOCKS_A_DAY, DAYS = 4, 365


def mixed(hits: float, runs: int, seed: int) -> dict[str, float]:
    """One candidate in ten is real: the share of promotions that are false, and of real ones that pass."""
    rng = np.random.default_rng(seed)
    shares, found, real = [], 0, 0
    for _ in range(runs):
        drawn = Candidates.draw(rng, MANY, int(MANY * TRUE_SHARE), hits)
        passed = promoted(looks_at(drawn.net), MANY) >= 0
        shares.append((passed & ~drawn.true).sum() / max(passed.sum(), 1))
        found += int((passed & drawn.true).sum())
        real += int(drawn.true.sum())
    return {"false_share": float(np.mean(shares)), "power": found / real}


def planted(hits: float, runs: int, seed: int) -> float:
    """Power for the only real one among two hundred."""
    rng = np.random.default_rng(seed)
    found = 0
    for _ in range(runs):
        drawn = Candidates.draw(rng, ALL, 1, hits)
        found += int((promoted(looks_at(drawn.net), ALL) >= 0)[0])
    return found / runs


def origins_rule(hits: float, runs: int, seed: int) -> float:
    """False share of «three members or more, and 60 % of them won», asked of the first three."""
    rng = np.random.default_rng(seed)
    true = rng.random(runs) < TRUE_SHARE
    won = rng.random((runs, 3)) < np.where(true, hits, 0.5)[:, None]
    passed = won.mean(axis=1) >= 0.6
    return float((passed & ~true).sum() / passed.sum())


def year_of_nothing(n_trials: int, runs: int, seed: int) -> float:
    """P(any promotion) in a year in which so many worthless candidates come in, the first 500 at once."""
    rng = np.random.default_rng(seed)
    return sum(_any_in_a_year(rng, n_trials) for _ in range(runs)) / runs


def _any_in_a_year(rng: np.random.Generator, n_trials: int) -> bool:
    weighed = looks_at(Candidates.draw(rng, n_trials, 0, 0.5).net)
    born = np.zeros(n_trials)
    born[gate.FEWEST_TRIALS :] = np.sort(rng.uniform(0, DAYS, max(n_trials - gate.FEWEST_TRIALS, 0)))
    due = np.ceil(born[:, None] + np.array(gate.LOOKS) / BLOCKS_A_DAY)
    for day in range(DAYS + 1):
        known = born <= day
        p = np.where(due <= day, weighed, 1.0).min(axis=1)[known]
        if gate.pass_gate(p, int(known.sum())).any():
            return True
    return False


def flipped(runs: int, seed: int, *, drift_sd: float = 0.0) -> float:
    """The share of runs without any promotion, on fat-tailed gross excess (costs 0).

    Signs are flipped at random per block, as if there were nothing; with a drift, rows are only shuffled,
    which keeps their mean.
    """
    rng = np.random.default_rng(seed)
    clean = 0
    for _ in range(runs):
        excess = rng.standard_t(4, (ALL, max(gate.LOOKS))) * edge_bps(1.0) / 2**0.5
        signs = 1.0 if drift_sd else rng.choice([-1.0, 1.0], excess.shape)
        net = rng.permuted((excess + drift_sd * edge_bps(1.0)) * signs, axis=1)
        clean += not (promoted(looks_at(net), ALL) >= 0).any()
    return clean / runs
