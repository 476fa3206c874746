"""A lesson as `strandloom lessons` and `strandloom lesson` print it: rows of plain values."""

from typing import Any

from strandloom.kinds.lesson import Lesson
from strandloom.learning.lessons import worth
from strandloom.learning.lessons.match import dumped
from strandloom.learning.lessons.telling import short, spoken
from strandloom.scoring.lift import Lift


def place(lesson: Lesson) -> tuple[int, float, str]:
    order = ("active", "contraindicated", "shadow", "candidate", "suspended", "quarantined", "retired")
    return order.index(lesson.status), min(lesson.p, lesson.p_mirror), str(lesson.lesson)


def line(lesson: Lesson) -> dict[str, Any]:
    return {
        "id": short(lesson),
        "status": lesson.status,
        "says": spoken(lesson.predicate),
        "blocks": lesson.n_blocks,
        "net_bps": _short(lesson.mean_net_bps),
        "drift_bps": _short(lesson.drift_bps),
        "low": _short(lesson.ci_low),
        "high": _short(lesson.ci_high),
        "claim": _short(lesson.claim),
        "p": _small(min(lesson.p, lesson.p_mirror)),
        "why": lesson.reason,
    }


def facts(lesson: Lesson) -> dict[str, Any]:
    hits = f"{lesson.hits} of {lesson.n}" if lesson.n else "none yet"
    return {
        "lesson": str(lesson.lesson),
        "says": spoken(lesson.predicate),
        "action": lesson.action_hint,
        "status": lesson.status,
        "because": lesson.why or lesson.reason,
        "version": lesson.version,
        "parent": str(lesson.parent) if lesson.parent else None,
        "writer": lesson.writer,
        "mechanism": lesson.mechanism,
        "registered": lesson.registered_at.strftime("%Y-%m-%d %H:%M"),
        "horizon_min": lesson.horizon_s / 60,
        "cost_bps": lesson.cost_bps,
        "outcomes": lesson.n,
        "won": hits,
        "blocks": lesson.n_blocks,
        "mean_net_bps": _short(lesson.mean_net_bps),
        "mean_gross_bps": _short(lesson.mean_gross_bps),
        "drift_bps": _short(lesson.drift_bps),
        "low": _short(lesson.ci_low),
        "high": _short(lesson.ci_high),
        "shrunk_mean": _short(lesson.shrunk_mean),
        "claim": _short(lesson.claim),
        "p": _small(lesson.p),
        "p_mirror": _small(lesson.p_mirror),
        "tried_in_all": lesson.n_trials,
        "evidence_hash": lesson.evidence_hash[:16],
        "contradicts": [str(name)[:8] for name in lesson.contradicts],
        "yields_to": [str(name)[:8] for name in lesson.yields_to],
        "predicate": dumped(lesson.predicate),
    }


def move(state: Lesson) -> dict[str, Any]:
    return {
        "known_from": state.known_from.strftime("%Y-%m-%d %H:%M"),
        "status": state.status,
        "reason": state.reason,
        "blocks": state.n_blocks,
        "net_bps": _short(state.mean_net_bps),
        "claim": _short(state.claim),
        "why": state.why,
    }


def look(row: dict[str, Any]) -> dict[str, Any]:
    net, excess = row["content"]["net"], row["content"]["excess"]
    return {
        "gate": row["gate"],
        "blocks": row["n_blocks"],
        "at": str(row["at"])[:16].replace("T", " "),
        "p": _small(row["p"]),
        "net_bps": _short(net["mean"]),
        "se": _short(net["se"]),
        "beyond_drift": _short(excess["mean"]),
    }


def lift_told(lesson: Lesson, lift: Lift | None) -> str:
    """In words; a single lesson's is told only once it means something."""
    if lift is None:
        return "too few"
    stands = f"{lift.shown} chains with it, {lift.held_out} held out"
    if not worth.tells(lesson, lift):
        return f"too few: {stands}"
    return f"{lift.bps:+.1f} bps a chain, between {lift.low:+.1f} and {lift.high:+.1f}; {stands}"


def _short(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def _small(p: float) -> float:
    return float(f"{p:.3g}")
