"""Behind `strandloom backtest --walk-forward`: a folder per stretch, and all of them together."""

from pathlib import Path
from typing import Any

import numpy as np

from strandloom import roster
from strandloom.backtest.curve import curve
from strandloom.backtest.metrics import bootstrap, ratios, returns
from strandloom.backtest.saving import save, write_json
from strandloom.backtest.summary import summary
from strandloom.backtest.trades import trades
from strandloom.backtest.trials import Trials
from strandloom.backtest.walk_forward import Fold, Walked, folds, walk_forward
from strandloom.cli import given, show
from strandloom.cli.backtest_run import Asked, database_for, market_for
from strandloom.cli.progress import Progress
from strandloom.indicators.frame import Floats
from strandloom.market import minute as minutes

Rows = list[dict[str, Any]]


async def run(asked: Asked, count: int, embargo: int, *, quiet: bool) -> tuple[Rows, dict[str, Any], Path]:
    """A row per stretch, the figures of all of them together, and the folder."""
    settings = given.settings()
    async with database_for(settings, asked) as database:
        market, terms = await market_for(asked, settings, database)
    stretches = folds(terms.start, terms.stop, count, embargo)
    folder = asked.output or settings.data_dir / "backtests" / _folder(market.venue, stretches)
    rows, daily = [], []
    total = stretches[-1].trained_until - terms.start + sum(fold.stop - fold.start for fold in stretches)
    with Progress("walking forward", total, quiet=quiet) as progress:
        async for walked in walk_forward(roster.seats, market, terms, stretches, progress.advance):
            row, days = _kept(walked, folder)
            rows.append(row)
            daily.append(days)
    together = _together(np.concatenate(daily), embargo)
    write_json(folder / "walk_forward.json", {"together": together, "folds": rows})
    return rows, together, folder


def say(rows: Rows, together: dict[str, Any], folder: Path, *, as_json: bool) -> None:
    """Every stretch, and what they come to."""
    if as_json:
        show.record({"together": together, "folds": rows, "folder": str(folder)}, as_json=True)
        return
    show.table(rows, as_json=False)
    show.record(together, as_json=False, title="all stretches together")
    show.sentence(f"written to {folder}")


def _kept(walked: Walked, folder: Path) -> tuple[dict[str, Any], Floats]:
    result, fold = walked.result, walked.fold
    line, closed = curve(result), trades(result)
    figures = summary(result, line, closed, Trials())
    save(folder / f"fold-{fold.number:02}", result, line, closed, figures)
    row = {
        "fold": fold.number,
        "evidence_until": minutes.opens(fold.trained_until),
        "outcomes_known": walked.outcomes,
        "from": minutes.opens(fold.start),
        "to": minutes.opens(fold.stop),
        "total_return": figures.result["total_return"],
        "sharpe": figures.risk["sharpe"],
        "trades": figures.trading["trades"],
        "trading_ended_at": figures.risk["trading_ended_at"],
    }
    return row, returns.daily(line.minute, line.equity, float(result.terms.cash_usd))


def _together(days: Floats, embargo: int) -> dict[str, Any]:
    return {
        "days": int(days.size),
        "embargo_hours": embargo // 60,
        "total_return": returns.total(days),
        "sharpe": ratios.sharpe(days),
        "sortino": ratios.sortino(days),
        "sharpe_90": bootstrap.interval(days, ratios.sharpe),
    }


def _folder(venue: str, stretches: list[Fold]) -> str:
    first, last = minutes.opens(stretches[0].start), minutes.opens(stretches[-1].stop - 1)
    return f"{venue}-walk-{first:%Y%m%d}-{last:%Y%m%d}-{len(stretches)}"
