"""cil.resonance: asks once a week whether leaning on resonance would have paid, and says so."""

from datetime import datetime, timedelta

import numpy as np

from strandloom.blackboard.desk import Desk, Looks
from strandloom.blackboard.strand import NOTHING, Draft, Said, Strand
from strandloom.kinds.job import Job
from strandloom.kinds.resonance import Ablation
from strandloom.scoring.ablation import Verdict, ablate

SPAN = timedelta(days=180)


class ResonanceJudge:
    """Stateless: the outcomes carry the resonance that was known when they were forecast."""

    name = "cil.resonance"
    reads = ("system:job:ablation",)

    async def handle(self, strand: Strand, desk: Desk) -> Said:
        if not isinstance(strand.body, Job):
            return NOTHING
        slot = strand.body.slot
        verdict = await _verdict(desk.tables, slot - SPAN, slot)
        body = Ablation(
            slot=slot,
            since=slot - SPAN,
            until=slot,
            n=verdict.n,
            n_blocks=verdict.n_blocks,
            tried=verdict.tried,
            gain_bps=verdict.gain_bps,
            gain_low=verdict.gain_low,
            p=verdict.p,
            lam=verdict.lam,
            mean_resonance=verdict.mean_resonance,
        )
        return Said(drafts=(Draft(body=body, tags=("cil:ablation", "dm:ablation")),))


async def _verdict(looks: Looks, since: datetime, until: datetime) -> Verdict:
    rows = await looks.look("evidence.resonance", since=since.isoformat(), until=until.isoformat())
    if not rows:
        return Verdict(n=0)
    (columns,) = rows
    return ablate(
        np.array(columns["opened_s"], dtype=np.int64),
        np.array(columns["r_bps"], dtype=np.float64),
        np.array(columns["resonance"], dtype=np.float64),
    )
