"""Every run leaves a row, and every different result counts as a trial."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np

from strandloom.backtest.curve import Curve
from strandloom.backtest.metrics.returns import daily
from strandloom.backtest.result import Result
from strandloom.backtest.saving import plain
from strandloom.backtest.trades import Trade
from strandloom.backtest.trials import Trials, per_day
from strandloom.store.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What is kept of a run."""

    id: UUID
    fingerprint: str
    started_at: datetime
    finished_at: datetime
    folder: Path


def fingerprint(result: Result, line: Curve, closed: Sequence[Trade]) -> str:
    """The same for runs that came to the same: neither the clock nor the machine is in it."""
    market, terms = result.market, result.terms
    asked = f"{market.venue} {market.symbols} {market.start} {market.stop} {terms.cash_usd} {terms.costs}"
    said = np.round(line.equity, 6).tobytes() + repr([trade.decision.hex for trade in closed]).encode()
    return sha256(asked.encode() + said).hexdigest()


async def tried(database: Database, name: str, result: Result, line: Curve) -> Trials:
    """Count this result as a trial; the trials that came before it."""
    returns = daily(line.minute, line.equity, float(result.terms.cash_usd))
    await database.execute("backtest.try", name, result.market.venue, returns.size, per_day(returns))
    rows = await database.fetch("backtest.trials_before", name)
    return Trials(sharpes=[row["sharpe_per_day"] for row in rows])


async def record(database: Database, run: Run, terms: Mapping[str, Any], summary: Mapping[str, Any]) -> None:
    """Keep the run."""
    kept = [json.dumps(values, default=plain) for values in (terms, summary)]
    await database.execute(
        "backtest.record",
        run.id,
        run.fingerprint,
        run.started_at,
        run.finished_at,
        str(run.folder),
        *kept,
    )
