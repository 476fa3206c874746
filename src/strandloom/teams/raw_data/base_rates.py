"""How often each pattern comes on the shipped sample and what it was worth there: for people, not for p."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

import numpy as np

from strandloom.blackboard.strand import Strand
from strandloom.kinds.pattern import Pattern
from strandloom.kinds.prediction import Outcome
from strandloom.scoring.nulls import Sample

_FILE = Path(__file__).with_name("base_rates.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseRate:
    """One pattern on one timeframe, all symbols of the sample together."""

    pattern: str
    timeframe: str
    per_day: float  # onsets per symbol
    lasts_min: float
    outcomes: int
    blocks: int  # of twice the horizon: what the outcomes count for
    won: float | None  # share whose net result was above zero
    gross_bps: float | None
    gross_se_bps: float | None
    net_bps: float | None


def measured(strands: Iterable[Strand], symbol_days: float) -> list[BaseRate]:
    """From everything that the team and learning said over so many days of symbols."""
    patterns: dict[tuple[str, str], list[Pattern]] = defaultdict(list)
    outcomes: dict[tuple[str, str], list[Outcome]] = defaultdict(list)
    for strand in strands:
        body = strand.body
        if isinstance(body, Pattern):
            patterns[body.name, body.timeframe].append(body)
        elif isinstance(body, Outcome):
            outcomes[body.pattern, body.timeframe].append(body)
    return [_rate(*place, patterns[place], outcomes[place], symbol_days) for place in sorted(patterns)]


def shipped() -> list[BaseRate]:
    """The rates that were measured on the sample, as they are in the package."""
    return [BaseRate(**row) for row in json.loads(_FILE.read_text())]


def _rate(
    name: str, timeframe: str, patterns: list[Pattern], outcomes: list[Outcome], symbol_days: float
) -> BaseRate:
    lasted = [body.duration_min for body in patterns if body.phase == "end"]
    gross = _by_block(outcomes)
    return BaseRate(
        pattern=name,
        timeframe=timeframe,
        per_day=round(sum(body.phase == "onset" for body in patterns) / symbol_days, 3),
        lasts_min=round(mean(lasted), 1) if lasted else 0.0,
        outcomes=len(outcomes),
        blocks=gross.n,
        won=round(mean(body.won for body in outcomes), 3) if outcomes else None,
        gross_bps=round(gross.mean, 2) if outcomes else None,
        gross_se_bps=round(gross.se, 2) if gross.n > 1 else None,
        net_bps=round(mean(body.r_bps for body in outcomes), 2) if outcomes else None,
    )


def _by_block(outcomes: list[Outcome]) -> Sample:
    """Gross results summed per block, because outcomes that overlap are not independent."""
    blocks: dict[int, list[float]] = defaultdict(list)
    for body in outcomes:
        blocks[int(body.opened_at.timestamp()) // (2 * body.horizon_s)].append(body.gross_bps)
    sums = np.array([sum(values) for values in blocks.values()], dtype=np.float64)
    rows = np.array([len(values) for values in blocks.values()], dtype=np.float64)
    if not len(sums):
        return Sample(n=0, mean=0.0, se=0.0, skew=0.0)
    return Sample.of(sums, rows)
