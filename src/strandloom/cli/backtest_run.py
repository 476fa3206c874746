"""Behind `strandloom backtest`: bars in, a replay, figures and a folder out."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

from strandloom import roster, wiring
from strandloom.backtest import records
from strandloom.backtest.curve import curve
from strandloom.backtest.learning import Learning, anything_learnt, learning, without_lessons
from strandloom.backtest.page.wording import shown, title
from strandloom.backtest.replay import replay
from strandloom.backtest.result import Result
from strandloom.backtest.saving import PAGE, save, write_json
from strandloom.backtest.summary import Summary, summary
from strandloom.backtest.terms import Roster, Terms
from strandloom.backtest.trades import trades
from strandloom.backtest.trials import Trials
from strandloom.basics.clock import SystemClock
from strandloom.basics.errors import BadInput
from strandloom.cli import given, show
from strandloom.cli.data_store import names
from strandloom.cli.progress import Progress
from strandloom.llm import opening as llm
from strandloom.market import minute as minutes
from strandloom.market.panel import Panel, panel
from strandloom.market.past import needs_store, past
from strandloom.market.store import BarStore
from strandloom.risk.watch import LimitsInForce
from strandloom.scoring.costs import cost_model
from strandloom.settings import Settings
from strandloom.store.database import Database

LEARNT = "learnt.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the command line said."""

    data: str
    start: str | None
    stop: str | None
    symbols: str | None
    cash_usd: Decimal | None
    output: Path | None
    record: bool
    learn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A finished backtest and where it lies."""

    folder: Path
    summary: Summary
    learning: Learning | None = None


async def run(asked: Asked, *, quiet: bool) -> Done:
    """From the command line to the folder."""
    settings, clock = given.settings(), SystemClock()
    async with database_for(settings, asked) as database:
        market, terms = await market_for(asked, settings, database)
        seats, started = seats_for(settings, database), clock.now()
        with Progress("replaying minutes", terms.minutes, quiet=quiet) as progress:
            result = await replay(seats, market, terms, told=progress.advance)
        line, closed = curve(result), trades(result)
        learnt = await _learnt(result, seats, market, terms, quiet=quiet) if asked.learn else None
        name = records.fingerprint(result, line, closed)
        kept = asked.record and database is not None
        trials = await records.tried(database, name, result, line) if kept and database else Trials()
        figures = summary(result, line, closed, trials)
        folder = asked.output or settings.data_dir / "backtests" / _folder(result, name)
        save(folder, result, line, closed, figures, learnt)
        if learnt is not None:
            write_json(folder / LEARNT, _learning(learnt))
        if kept and database:
            one = records.Run(
                id=uuid4(), fingerprint=name, started_at=started, finished_at=clock.now(), folder=folder
            )
            await records.record(database, one, figures.span, figures.sections())
    return Done(folder=folder, summary=figures, learning=learnt)


def seats_for(settings: Settings, database: Database | None) -> Roster:
    """The whole network; where a model is connected, with the words that it said then."""
    if database is None:
        return roster.seats
    return partial(roster.seats, writer=llm.replaying(settings, database, SystemClock()))


async def _learnt(result: Result, seats: Roster, market: Panel, terms: Terms, *, quiet: bool) -> Learning:
    """Where anything came into force, the same market once more without lessons."""
    off = None
    if anything_learnt(result):
        with Progress("the same without lessons", terms.minutes, quiet=quiet) as progress:
            off = await replay(without_lessons(seats), market, terms, told=progress.advance)
    return await learning(result, off)


def say(done: Done, *, as_json: bool) -> None:
    """The figures that people ask for first, and where the rest is."""
    if as_json:
        told = {"learning": _learning(done.learning)} if done.learning else {}
        show.record({**done.summary.sections(), **told, "folder": str(done.folder)}, as_json=True)
        return
    for name, figures in done.summary.sections().items():
        said = {title(key): shown(key, value) for key, value in figures.items()}
        if said:
            show.record(said, as_json=False, title=name.replace("_", " "))
    if done.learning is not None:
        said = {title(key): shown(key, value) for key, value in done.learning.figures.items()}
        show.record(said, as_json=False, title="learning")
        if done.learning.lessons:
            show.table(done.learning.lessons, as_json=False, title="lessons")
        show.sentence(done.learning.sentence)
    show.sentence(f"report: {done.folder / PAGE}")


def _learning(learnt: Learning) -> dict[str, Any]:
    return {**learnt.figures, "lessons": learnt.lessons, "says": learnt.sentence}


@asynccontextmanager
async def database_for(settings: Settings, asked: Asked) -> AsyncIterator[Database | None]:
    """The database where it is needed: for bars of the store, or to keep the run."""
    if not (asked.record or needs_store(asked.data)):
        yield None
        return
    async with wiring.store(settings) as database:
        yield database


async def market_for(asked: Asked, settings: Settings, database: Database | None) -> tuple[Panel, Terms]:
    wanted = names(asked.symbols) or list(settings.symbols)
    first = minutes.parse(asked.start) if asked.start else None
    store = BarStore(database) if database is not None else None
    market = panel(await past(asked.data, wanted, store, first))
    start = market.start if first is None else max(first, market.start)
    stop = min(minutes.parse(asked.stop), market.stop) if asked.stop else market.stop
    if stop <= start:
        there = f"{minutes.opens(market.start):%Y-%m-%d %H:%M} to {minutes.opens(market.stop):%Y-%m-%d %H:%M}"
        raise BadInput(f"no minute lies between --from and --to; {asked.data} has {there}")
    terms = Terms(
        start=start,
        stop=stop,
        cash_usd=asked.cash_usd or settings.paper_cash_usd,
        costs=cost_model(settings.cost_model),
        limits=LimitsInForce(settings.risk_file, watched=False),
    )
    return market.between(market.start, stop), terms


def _folder(result: Result, fingerprint: str) -> str:
    market = result.market
    first, last = minutes.opens(market.start), minutes.opens(market.stop - 1)
    return f"{market.venue}-{first:%Y%m%d}-{last:%Y%m%d}-{fingerprint[:8]}"
