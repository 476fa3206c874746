"""Predictions and outcomes made up for measurements."""

from datetime import UTC, datetime, timedelta
from functools import cache
from uuid import UUID

import numpy as np

from strandloom.indicators.calendar import SESSIONS
from strandloom.indicators.regime import REGIMES
from strandloom.kinds.prediction import Outcome
from strandloom.teams.raw_data import team

START = datetime(2025, 1, 1, tzinfo=UTC)
SYMBOLS = ("BTC", "ETH", "SOL", "OP", "ARB")
HORIZON_S = 3_600


@cache
def patterns() -> tuple[tuple[str, str], ...]:
    """Every declared pattern on each of its timeframes."""
    return tuple(
        (name, timeframe) for name, by in sorted(team.horizons().items()) for timeframe in sorted(by)
    )


def outcome(number: int, rng: np.random.Generator, opened_at: datetime) -> Outcome:
    """One of any pattern, symbol, regime and session."""
    known = patterns()
    pattern, timeframe = known[rng.integers(len(known))]
    gross, p = float(rng.normal(2, 30)), float(rng.uniform(0.3, 0.7))
    return Outcome(
        prediction=UUID(int=number),
        family="pattern",
        pattern=pattern,
        symbol=SYMBOLS[rng.integers(len(SYMBOLS))],
        timeframe=timeframe,
        regime=REGIMES[rng.integers(len(REGIMES))],
        session=SESSIONS[rng.integers(len(SESSIONS))],
        direction="up" if number % 2 else "down",
        p=p,
        p_base=p,
        reference_rate=0.5,
        r_bps=gross - 9.0,
        gross_bps=gross,
        won=gross > 9.0,
        opened_at=opened_at,
        closed_at=opened_at + timedelta(seconds=HORIZON_S),
        entry=100.0,
        exit=100.0 + gross / 100.0,
        closed_by="expiry",
        cost_model="venue/1",
        horizon_s=HORIZON_S,
    )
