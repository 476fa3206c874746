"""What the network said in one hour, as counts and sums that add up to days."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter

from strandloom.blackboard.strand import Strand, Write
from strandloom.blackboard.tables import Row, Tables
from strandloom.blackboard.writes import look, write
from strandloom.kinds.decision import Decision, Refusal
from strandloom.kinds.heartbeat import DataQuality
from strandloom.kinds.prediction import Outcome

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """Forecasts of one pattern and direction that ended: how many, and what they came to together."""

    count: int = 0
    r_bps: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One thing that was wrong with the data."""

    bars: int = 0
    symbols: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Of an hour, or of several added up."""

    plans: int = 0
    approved: int = 0
    refused: int = 0
    blocks: Mapping[str, int] = field(default_factory=dict)  # rule -> refusals
    signals: Mapping[str, Signal] = field(default_factory=dict)  # pattern:direction
    troubles: Mapping[str, Trouble] = field(default_factory=dict)  # problem
    truncated: bool = False

    def plus(self, other: "Counts") -> "Counts":
        """Both together."""
        return Counts(
            plans=self.plans + other.plans,
            approved=self.approved + other.approved,
            refused=self.refused + other.refused,
            blocks={k: self.blocks.get(k, 0) + other.blocks.get(k, 0) for k in {*self.blocks, *other.blocks}},
            signals={
                k: _more(self.signals.get(k, Signal()), other.signals.get(k, Signal()))
                for k in {*self.signals, *other.signals}
            },
            troubles={
                k: _worse(self.troubles.get(k, Trouble()), other.troubles.get(k, Trouble()))
                for k in {*self.troubles, *other.troubles}
            },
            truncated=self.truncated or other.truncated,
        )


_COUNTS = TypeAdapter(Counts)


def counted(strands: Iterable[Strand], *, truncated: bool = False) -> Counts:
    """From plans, decisions, refusals, outcomes and notes on data."""
    plans = approved = refused = 0
    blocks: dict[str, int] = {}
    signals: dict[str, Signal] = {}
    troubles: dict[str, Trouble] = {}
    for strand in strands:
        body = strand.body
        if isinstance(body, Decision):
            approved += body.intent == "open"
        elif isinstance(body, Refusal):
            refused += 1
            for answer in body.failed:
                blocks[answer.rule] = blocks.get(answer.rule, 0) + 1
        elif isinstance(body, Outcome):
            if body.family == "pattern":
                name = f"{body.pattern}:{body.direction}"
                signals[name] = _more(signals.get(name, Signal()), Signal(count=1, r_bps=body.r_bps))
        elif isinstance(body, DataQuality):
            new = Trouble(bars=body.count, symbols=(strand.symbol,) if strand.symbol else ())
            troubles[body.problem] = _worse(troubles.get(body.problem, Trouble()), new)
        else:
            plans += strand.kind == "trading_plan"
    return Counts(
        plans=plans,
        approved=approved,
        refused=refused,
        blocks=blocks,
        signals=signals,
        troubles=troubles,
        truncated=truncated,
    )


def added(rows: Sequence[Mapping[str, Any]]) -> Counts:
    """The hours of a day."""
    total = Counts()
    for row in rows:
        total = total.plus(_COUNTS.validate_python(row["content"]))
    return total


def keep(counts: Counts, since: datetime) -> Write:
    """Remember an hour, once."""
    content = _COUNTS.dump_python(counts, mode="json")
    return Write(name="report.hour", values={"since": since.isoformat(), "content": content})


@write("report.hour")
def _hour(tables: Tables, asked: Mapping[str, Any]) -> bool:
    if asked["since"] not in tables["report_hours"]:
        tables["report_hours"].put(asked["since"], dict(asked))
    return True


@look("report.hours")
def _hours(tables: Tables, asked: Mapping[str, Any]) -> Sequence[Row]:
    """The hours of a span that begins with a full hour."""
    since, until = (datetime.fromisoformat(asked[name]) for name in ("since", "until"))
    hours = range(int((until - since) / HOUR))
    found = (tables["report_hours"].get((since + HOUR * n).isoformat()) for n in hours)
    return [row for row in found if row is not None]


def _more(one: Signal, other: Signal) -> Signal:
    return Signal(count=one.count + other.count, r_bps=one.r_bps + other.r_bps)


def _worse(one: Trouble, other: Trouble) -> Trouble:
    symbols = tuple(sorted({*one.symbols, *other.symbols}))
    return Trouble(bars=one.bars + other.bars, symbols=symbols)
