"""The pure part: a hundred thousand keys with a million outcomes, and two thousand keys compared."""

import time
from collections.abc import Callable

import numpy as np

from strandloom.scoring.alike import CELLS, Past, alike
from strandloom.scoring.evidence import Outcomes, in_order
from strandloom.scoring.key_scores import Kinship, key_scores
from strandloom.scoring.tally import of_rows

ROWS, KEYS, COMPARED = 1_000_000, 100_000, 2_000
NOW_S = 1_760_000_000
SPAN_S = 180 * 86_400
SCALES = 10  # keys per owner: the owner, and its timeframes
LENGTHS_S = (1_200, 1_800, 2_400, 3_600, 7_200, 12_000, 14_400, 18_000, 28_800, 36_000, 54_000, 108_000)
ROUNDS = 3


def score_100k_keys_s() -> float:
    """From rows in any order to every score of every key, on one core; correlations apart."""
    rows, kin = _rows(), _kin()
    return _best(lambda: key_scores(of_rows(in_order(rows)).tally, kin, NOW_S, 0.1))


def correlate_2k_keys_s() -> float:
    """Each with each, over as many blocks as are looked at, with blocks of twelve lengths."""
    rng = np.random.default_rng(2)
    pasts = []
    for _ in range(COMPARED):
        length = int(LENGTHS_S[rng.integers(0, len(LENGTHS_S))])
        block = NOW_S // length - np.sort(rng.choice(2 * CELLS, CELLS, replace=False))[::-1]
        pasts.append(Past(block_s=length, block=block, mean=rng.normal(0, 20, CELLS)))
    return _best(lambda: alike(pasts))


def _best(work: Callable[[], object]) -> float:
    took = []
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        took.append(time.process_time() - start)
    return min(took)


def _rows() -> Outcomes:
    rng = np.random.default_rng(1)
    gross = rng.normal(2, 30, ROWS)
    return Outcomes(
        key=rng.integers(0, KEYS, ROWS),
        order=rng.permutation(ROWS),
        opened_s=NOW_S - rng.integers(0, SPAN_S // 60, ROWS) * 60,
        r_bps=gross - 9.0,
        gross_bps=gross,
        p=rng.random(ROWS),
        base=rng.random(ROWS),
        n_keys=KEYS,
        block_s=np.array(LENGTHS_S)[rng.integers(0, len(LENGTHS_S), KEYS)],
    )


def _kin() -> Kinship:
    key = np.arange(KEYS)
    owner = key // SCALES * SCALES
    parent = np.where(key == owner, owner // SCALES // SCALES * SCALES, owner)
    parent[0] = -1
    return Kinship(parent=parent, owner=owner, is_scale=(key != owner).astype(np.int64))
