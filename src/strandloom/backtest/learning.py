"""What a backtest learnt: when, on what evidence, and what it was worth; also when that is nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from strandloom.backtest.curve import curve
from strandloom.backtest.metrics import bootstrap, returns
from strandloom.backtest.result import Result
from strandloom.backtest.terms import Roster
from strandloom.backtest.trades import trades
from strandloom.blackboard.module import Seat
from strandloom.indicators.frame import Floats
from strandloom.kinds.lesson import IN_FORCE, GateRun, Lesson
from strandloom.learning.lessons import rows, worth
from strandloom.learning.lessons.gathering import Trails
from strandloom.learning.lessons.sight import block_s
from strandloom.learning.lessons.telling import short, spoken
from strandloom.scoring import gate
from strandloom.scoring.lift import Lift

LEARNERS = ("cil.lessons", "cil.doctrine")
Figures = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Learning:
    """Everything that is told of it."""

    figures: Figures
    lessons: Sequence[Figures]  # one row per time that a lesson came into force
    sentence: str


def without_lessons(roster: Roster) -> Roster:
    """The same network in which no lesson ever comes into force."""

    def seats(*asked: Any) -> Sequence[Seat]:
        return [seat for seat in roster(*asked) if seat.module.name not in LEARNERS]

    return seats


def anything_learnt(result: Result) -> bool:
    """Was a lesson ever in force?  If not, the same network without lessons says the same."""
    return any(body.status in IN_FORCE for _, body in result.said(Lesson))


async def learning(result: Result, off: Result | None) -> Learning:
    """`off` is the same market without lessons, where anything was learnt."""
    runs = [body for _, body in result.said(GateRun)]
    risen = [body for _, body in result.said(Lesson) if body.status in IN_FORCE and body.reason in _RISING]
    every = await rows.all_now(result.board.past)
    lift = await worth.pooled(result.board.past)
    told = [await _risen(result, lesson, every) for lesson in risen]
    figures: Figures = {
        "statements_tried": len(every),
        "runs_of_the_gate": len(runs),
        "looks": sum(lesson.looks for lesson in every),
        "best_p": min((run.best_p for run in runs), default=1.0),
        "lessons": len(risen),
        "still_in_force": sum(lesson.status in IN_FORCE for lesson in every),
        **_lift(lift),
        **_on_and_off(result, off),
    }
    return Learning(figures=figures, lessons=told, sentence=sentence(every, risen, figures))


_RISING = ("confirmed", "harmful")


async def _risen(result: Result, lesson: Lesson, every: Sequence[Lesson]) -> Figures:
    """When it was learnt, on what, and how it went on after the blocks that confirmed it."""
    now = next(each for each in every if each.lesson == lesson.lesson)
    assert lesson.confirmation_to is not None  # noqa: S101 - it was confirmed
    length = block_s(lesson)
    trail = await Trails().of(result.board.past, lesson)
    later = trail.after(lesson.confirmation_to.timestamp()).whole_blocks(length)
    values = later.net if lesson.status == "active" else later.excess
    return {
        "lesson": short(lesson),
        "says": spoken(lesson.predicate),
        "came": lesson.status,
        "at": lesson.known_from,
        "blocks": lesson.n_blocks,
        "seen_bps": _rounded(lesson.mean_net_bps),
        "low": _rounded(lesson.ci_low),
        "high": _rounded(lesson.ci_high),
        "p": float(f"{min(lesson.p, lesson.p_mirror):.2g}"),
        "claim": _rounded(lesson.claim),
        "later_blocks": later.n_blocks(length),
        "later_bps": _rounded(float(values.mean())) if values.size else None,
        "now": now.status,
        "ended": None if now.status in IN_FORCE else now.known_from,
        "because": "" if now.status in IN_FORCE else now.why or now.reason,
    }


def _lift(lift: Lift | None) -> Figures:
    """Chains that were shown lessons against those that were held out."""
    if lift is None:
        return {"lift_bps": None}
    return {
        "lift_bps": _rounded(lift.bps),
        "lift_90": (_rounded(lift.low), _rounded(lift.high)),
        "shown_chains": lift.shown,
        "held_out_chains": lift.held_out,
    }


def _on_and_off(result: Result, off: Result | None) -> Figures:
    """The same market with lessons and without; nothing to compare where none came into force."""
    if off is None:
        return {}
    with_days, without_days = _days(result), _days(off)
    beyond = bootstrap.interval(with_days - without_days, _mean_bps)
    return {
        "profit_with_usd": _profit(result),
        "profit_without_usd": _profit(off),
        "trades_with": len(trades(result)),
        "trades_without": len(trades(off)),
        "daily_difference_bps": _rounded(_mean_bps(with_days - without_days)),
        "daily_difference_90": beyond,
    }


def _days(result: Result) -> Floats:
    line = curve(result)
    return returns.daily(line.minute, line.equity, float(result.terms.cash_usd))


def _mean_bps(days: Floats) -> float:
    return float(np.mean(days) * 1e4)


def _profit(result: Result) -> float:
    return round(float(curve(result).equity[-1]) - float(result.terms.cash_usd), 2)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def sentence(every: Sequence[Lesson], risen: Sequence[Lesson], figures: Figures) -> str:
    """All of it in one sentence, for people who read no figures."""
    if not every:
        return "Nothing was learnt: no pattern stood out enough to be written down as a statement."
    if not risen:
        return _nothing(every)
    came = f"{len(risen)} of {len(every)} statements came into force"
    if "daily_difference_bps" not in figures:
        return f"{came}."
    within = figures["daily_difference_90"]
    if figures["profit_with_usd"] == figures["profit_without_usd"]:
        return f"{came}; with them or without, the account ended the same."
    sure = within is not None and (within[0] > 0.0 or within[1] < 0.0)
    verdict = "which is more than chance" if sure else "which could be chance"
    bps = figures["daily_difference_bps"]
    more = "more" if bps >= 0.0 else "less"
    return f"{came}; a day with them earned {abs(bps):.2f} bps {more}, {verdict}."


def _nothing(every: Sequence[Lesson]) -> str:
    """Not yet looked at, or looked at and not told from chance: how near the nearest came."""
    looked = [lesson for lesson in every if lesson.looks]
    if not looked:
        return (
            f"Nothing was learnt yet: none of {len(every)} statements that were tried has reached its first "
            f"look, at {gate.LOOKS[0]} blocks."
        )
    nearest = min(looked, key=lambda lesson: min(lesson.p, lesson.p_mirror))
    needed = gate.Q / max(len(every), gate.FEWEST_TRIALS)
    return (
        f"Nothing was learnt: of {len(every)} statements that were tried the gate has looked at "
        f"{len(looked)}, and none could be told from chance, costs and drift. The nearest was "
        f"«{spoken(nearest.predicate)}» with p {min(nearest.p, nearest.p_mirror):.2g} after "
        f"{nearest.n_blocks} blocks; alone it would need {needed:.1g}."
    )
