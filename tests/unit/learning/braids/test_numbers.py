"""What a braid says follows from its members' outcomes, however they were gathered."""

from collections import Counter
from datetime import UTC, datetime
from statistics import fmean, median
from uuid import UUID

import numpy as np
import pytest

from strandloom.learning.braids.clusters import of_outcome as clusters_of
from strandloom.learning.braids.numbers import braid
from strandloom.learning.braids.yarn import CARRIED, Yarn, spun
from tests.contract.test_evidence_tables import an_outcome
from tests.unit.learning.test_evidence_story import a_prediction

WHOLE = UUID(int=99)
CLUSTER = "pattern:volume.spike:up@5m"


def a_yarn(n: int, net_bps: float, *, scale: str = "5m", p: float = 0.6, block_s: int = 7_200) -> Yarn:
    return Yarn(
        strand=UUID(int=n),
        n=1,
        block_s=block_s,
        opened_s=(1_750_003_200 + 3_600 * n,),
        net_bps=(net_bps,),
        gross_bps=(net_bps + 9.0,),
        p=(p,),
        base=(0.5,),
        scale=(scale,),
        about=Counter({f"timeframe {scale}": 1}),
    )


def test_its_numbers_are_those_of_its_outcomes() -> None:
    net = [12.0, -30.0, -5.0, 40.0, 3.0]
    yarns = [a_yarn(n, r) for n, r in enumerate(net, 1)]
    body = braid(CLUSTER, 1, yarns, spun(WHOLE, reversed(yarns)), 0.0)
    assert (body.n, body.members, body.looked_at, body.cluster_type) == (5, 5, 5, "pattern")
    assert body.n_blocks == 3  # five hours in blocks of two
    assert body.mean_net_bps == pytest.approx(fmean(net))
    assert body.median_gross_bps == median(net) + 9.0
    assert body.drawdown_bps == 35.0
    assert (body.best.strand, body.worst.strand) == (UUID(int=4), UUID(int=2))
    assert body.sr_low < body.sr < body.sr_high
    assert body.net_low is not None and body.net_high is not None
    assert body.net_low < body.mean_net_bps < body.net_high
    assert (body.phi, body.rho, body.resonance) == (None, None, None)
    assert body.since == datetime.fromtimestamp(1_750_006_800, UTC)
    assert body.about == {"timeframe 5m": 5}


def test_a_braid_of_braids_says_what_one_braid_of_all_would_say() -> None:
    rng = np.random.default_rng(1)
    yarns = [
        a_yarn(n, float(r), scale="5m" if n % 2 else "1m", p=0.7 if r > 0 else 0.4)
        for n, r in enumerate(rng.normal(6, 20, 90), 1)
    ]
    parts = [spun(UUID(int=1_000 + k), yarns[k::3]) for k in range(3)]
    once = braid("symbol:BTC", 1, yarns, spun(WHOLE, yarns), 0.2)
    twice = braid("symbol:BTC", 2, parts, spun(WHOLE, parts), 0.2)
    same = (
        "n",
        "n_blocks",
        "sr",
        "mean_net_bps",
        "median_net_bps",
        "drawdown_bps",
        "phi",
        "rho",
        "resonance",
    )
    for name in (*same, "about"):
        assert getattr(twice, name) == getattr(once, name), name
    assert twice.members == 3
    assert once.phi is not None and once.rho is not None and once.resonance is not None
    assert once.resonance == pytest.approx((once.phi * once.rho) ** 0.5 * 0.6)


def test_of_very_many_outcomes_the_newest_are_carried_on_and_all_are_counted() -> None:
    many = [a_yarn(n, 1.0) for n in range(1, CARRIED + 500)]
    whole = spun(WHOLE, many)
    body = braid(CLUSTER, 3, many, whole, 0.0)
    assert (body.n, body.looked_at) == (CARRIED + 499, CARRIED)
    assert min(whole.opened_s) == many[499].opened_s[0]


def test_an_outcome_feeds_six_types_of_clusters() -> None:
    body = an_outcome(1, a_prediction(0), 5.0)
    before, now = "volume.spike:up@1m + momentum.trend:up@5m", "volume.spike:up@1m + volume.dry@5m"
    assert clusters_of(body, [before, now]) == (
        "pattern:volume.spike:up@1m",
        "symbol:BTC",
        "timeframe:1m",
        "outcome:won",
        "signature:1:volume.dry@5m + volume.spike:up@1m",
        "signature:5:momentum.trend:up@5m + volume.dry@5m + volume.spike:up@1m",
        "method:code",
    )
    alone = clusters_of(body, ["volume.spike:up@1m"])
    assert not [name for name in alone if name.startswith("signature:")]
