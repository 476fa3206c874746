"""What the forecasts of a backtest were worth, pattern by pattern."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from strandloom.backtest.result import Result
from strandloom.kinds.prediction import Outcome
from strandloom.scoring.nulls import Sample


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """One pattern in one direction; blocks are twice its longest horizon, all symbols together."""

    pattern: str
    outcomes: int
    blocks: int
    won: float
    gross_bps: float
    net_bps: float
    se_bps: float


def learnt(result: Result) -> list[Learnt]:
    """The best first; shadows and late ones are left out, as they are from the evidence."""
    of: dict[str, list[Outcome]] = defaultdict(list)
    for _, body in result.said(Outcome):
        if not (body.shadow or body.late) and body.family == "pattern":
            of[f"{body.pattern} {body.direction}"].append(body)
    rows = [_row(name, outcomes) for name, outcomes in of.items()]
    return sorted(rows, key=lambda row: (-row.net_bps, row.pattern))


def _row(name: str, outcomes: list[Outcome]) -> Learnt:
    net = np.array([body.r_bps for body in outcomes])
    length_s = 2 * max(body.horizon_s for body in outcomes)
    opened = np.array([body.opened_at.timestamp() for body in outcomes])
    _, block = np.unique(opened // length_s, return_inverse=True)
    sample = Sample.of(
        np.bincount(block, weights=net).astype(np.float64), np.bincount(block).astype(np.float64)
    )
    return Learnt(
        pattern=name,
        outcomes=len(outcomes),
        blocks=sample.n,
        won=float(np.mean(net > 0)),
        gross_bps=float(np.mean([body.gross_bps for body in outcomes])),
        net_bps=float(net.mean()),
        se_bps=sample.se if sample.n > 1 else 0.0,
    )
