"""Scores from running sums agree with the scores that are made from all rows, formula by formula."""

import numpy as np
import pytest

from strandloom.scoring import evidence, key_scores, marks, resonance, success, tally
from strandloom.scoring.evidence import Outcomes
from strandloom.scoring.key_scores import Kinship
from tests.unit.scoring import twins

NOW = 1_760_000_000


def some(seed: int, n: int, keys: int = 9) -> Outcomes:
    rows = twins.some_outcomes(seed, n=n, keys=keys)
    return evidence.in_order(
        Outcomes(
            key=rows.key,
            order=rows.order,
            opened_s=rows.opened_s + NOW - 3_100_000,
            r_bps=rows.r_bps,
            gross_bps=rows.gross_bps,
            p=rows.p,
            base=rows.base,
            n_keys=keys,
            block_s=rows.block_s,
        )
    )


@pytest.mark.parametrize(("seed", "n"), [(0, 30), (1, 180), (2, 400), (3, 1_500), (4, 4_000), (5, 0)])
def test_every_score_follows_from_the_sums(seed: int, n: int) -> None:
    rows = some(seed, n)
    parent = np.array([-1, 0, 0, 0, 1, 1, 2, 2, 3])
    owner = np.array([-1, 1, 1, 1, 4, 4, 4, 7, 7])
    kin = Kinship(parent=parent, owner=owner, is_scale=np.array([0, 0, 1, 1, 0, 1, 1, 0, 1]))
    got = key_scores.key_scores(tally.of_rows(rows).tally, kin, NOW, 0.2)

    w, part = evidence.weights(rows.opened_s, NOW), evidence.blocks(rows)
    wins, losses = success.counts(part, rows.won, w)
    raw = part.per_key(part.sum(w * rows.won)), part.per_key(part.sum(w * ~rows.won))
    rows_of = part.per_key(part.rows.astype(np.float64))
    rate = success.success(wins, losses, *raw, parent, rows=rows_of)
    net, fresh = evidence.estimate(part, rows.r_bps, w), evidence.fresh(part, w)
    skill = resonance.feedback(part, rows.p, rows.base, rows.won)
    scales = kin.is_scale > 0
    phi = resonance.phi(owner[scales], resonance.agreement(net)[scales], fresh[scales], 9)[owner]
    phi[owner < 0] = np.nan
    expected = {
        "n_blocks": part.n_blocks,
        "fresh": fresh,
        "sr": rate.sr,
        "sr_low": rate.lower,
        "net_bps": net.mean,
        "se_bps": net.se,
        "phi": phi,
        "rho": skill.rho,
        "omega": skill.omega,
        "brier_skill": skill.brier_skill,
        "resonance": resonance.resonance(phi, skill.rho, 0.2),
    }
    for name, values in expected.items():
        np.testing.assert_allclose(getattr(got, name), values, rtol=1e-9, atol=1e-9, err_msg=name)
    means = part.sum(rows.r_bps) / np.maximum(part.rows, 1)
    for key in range(9):
        held = marks.persistence(means[part.start[key] : part.start[key + 1]])
        assert got.persistence[key] == pytest.approx(held or np.nan, nan_ok=True)


def test_skill_that_never_changes_gives_no_rho() -> None:
    n = 60
    rows = Outcomes(
        key=np.zeros(n, dtype=np.int64),
        order=np.arange(n),
        opened_s=NOW - 7_200 * np.arange(n)[::-1],
        r_bps=np.full(n, 12.0),
        gross_bps=np.full(n, 12.0),
        p=np.full(n, 0.7),
        base=np.full(n, 0.45),
        n_keys=1,
        block_s=np.array([7_200]),
    )
    kin = Kinship(parent=np.array([-1]), owner=np.array([-1]), is_scale=np.array([0]))
    got = key_scores.key_scores(tally.of_rows(rows).tally, kin, NOW, 0.0)
    assert np.isnan(got.rho[0])
    assert got.persistence[0] > 0.5
