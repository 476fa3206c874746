"""The gate's run: looks at what is due, and moves what passes, harms, or has shown nothing four times."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np

from strandloom.blackboard.strand import Write
from strandloom.kinds.lesson import IN_FORCE, GateRun, Lesson
from strandloom.learning.lessons.sight import Sight, margin_bps, sights, told
from strandloom.learning.lessons.trail import Trail
from strandloom.scoring import gate
from strandloom.scoring.nulls import Sample, mirrored

EVIDENCE_NAMED = 64
UNDECIDED = ("candidate", "shadow")


@dataclass(slots=True, kw_only=True)
class Judged:
    """What one run came to."""

    moved: list[Lesson] = field(default_factory=list)
    writes: list[Write] = field(default_factory=list)
    run: GateRun


@dataclass(frozen=True, slots=True, kw_only=True)
class _Looked:
    """A candidate with its p after this run, and what was newly seen of it."""

    lesson: Lesson
    trail: Trail | None
    fresh: Sequence[Sight]


def judge(
    every: Sequence[Lesson], trails: Mapping[UUID, Trail], n_trials: int, slot: datetime, now: datetime
) -> Judged:
    """`every` is every lesson ever registered as it stands; those that can still move have a trail."""
    looked = [_look(lesson, trails.get(lesson.lesson), n_trials) for lesson in every]
    level = gate.rejection_level(np.array([entry.lesson.p for entry in looked]), n_trials)
    harm = gate.rejection_level(np.array([entry.lesson.p_mirror for entry in looked]), n_trials)
    found = (_decided(entry, level, harm) for entry in looked)
    moved = [_stamped(lesson, now) for lesson in found if lesson is not None]
    writes = [w for entry in looked for sight in entry.fresh for w in told(entry.lesson, sight, now)]
    status = [lesson.status for lesson in moved]
    risen = status.count("active") + status.count("contraindicated")
    run = GateRun(
        slot=slot,
        n_trials=n_trials,
        registered=0,
        looked_at=sum(bool(entry.fresh) for entry in looked),
        promoted=status.count("active"),
        contraindicated=status.count("contraindicated"),
        retired=status.count("retired"),
        in_force=sum(lesson.status in IN_FORCE for lesson in every) + risen,
        level=level,
        best_p=min((entry.lesson.p for entry in looked), default=1.0),
    )
    return Judged(moved=moved, writes=writes, run=run)


def may_move(lesson: Lesson) -> bool:
    """Does the gate still decide on it?  What has shown no edge may yet pass when others do."""
    if lesson.status in UNDECIDED:
        return True
    return lesson.reason == "no_edge" and min(lesson.p, lesson.p_mirror) <= gate.Q


def _look(lesson: Lesson, trail: Trail | None, n_trials: int) -> _Looked:
    if trail is None:
        return _Looked(lesson=lesson, trail=None, fresh=())
    fresh = list(sights(lesson, trail, lesson.looks))
    after = replace(
        lesson,
        p=min(lesson.p, gate.look_p([s.positive for s in fresh if s.positive is not None])),
        p_mirror=min(lesson.p_mirror, gate.look_p([s.negative for s in fresh if s.negative is not None])),
        looks=lesson.looks + len(fresh),
        n_trials=n_trials,
    )
    return _Looked(lesson=after, trail=trail, fresh=fresh)


def _decided(entry: _Looked, level: float, harm: float) -> Lesson | None:
    """What becomes of it; None where it stays as it is."""
    lesson, trail = entry.lesson, entry.trail
    if trail is None or not may_move(lesson):
        return None
    if 0.0 < level >= lesson.p:
        best = _best([(s, s.positive) for s in sights(lesson, trail)], level)
        if best is not None and gate.worth_it(best[0].excess, lesson.cost_bps):
            return _promoted(lesson, *best, level)
    if 0.0 < harm >= lesson.p_mirror:
        worst = _best([(s, s.negative) for s in sights(lesson, trail)], harm)
        if worst is not None and gate.worth_it(worst[0].excess, lesson.cost_bps):
            return _harmful(lesson, *worst, harm)
    if not entry.fresh:
        return None
    if lesson.looks == len(gate.LOOKS):
        return _seen(replace(lesson, status="retired", reason="no_edge"), entry.fresh[-1])
    return _seen(replace(lesson, status="shadow", reason="looked_at"), entry.fresh[-1])


def _best(looks: Sequence[tuple[Sight, gate.Look | None]], level: float) -> tuple[Sight, gate.Look] | None:
    """The look that the candidate's p comes from, if it is within the level."""
    granted = [(gate.look_p([look]), sight, look) for sight, look in looks if look is not None]
    p, sight, look = min(granted, key=lambda entry: entry[0], default=(1.0, None, None))
    return (sight, look) if sight is not None and look is not None and p <= level else None


def _promoted(lesson: Lesson, sight: Sight, look: gate.Look, level: float) -> Lesson | None:
    """Active from now on, under a claim that is smaller than what was seen."""
    low = gate.adjusted_lower(sight.net, look, level)
    if low <= 0.0:
        return None
    effect = min(sight.net.mean, sight.net.mean - sight.drift_bps)
    return replace(
        _seen(lesson, sight),
        status="active",
        reason="confirmed",
        action_hint=lesson.action_hint if lesson.family == "execution" else "expect",
        ci_low=low,
        ci_high=gate.adjusted_upper(sight.net, look, level),
        shrunk_mean=gate.shrunk(sight.net),
        claim=gate.claim(effect),
        sd_bps=sight.sd_bps,
    )


def _harmful(lesson: Lesson, sight: Sight, look: gate.Look, level: float) -> Lesson | None:
    """Contraindicated from now on; its numbers are gross and beyond the drift."""
    shifted = _shifted(sight.excess, margin_bps(lesson))
    if gate.adjusted_lower(shifted, look, level) <= 0.0:
        return None
    turned = mirrored(sight.excess)
    return replace(
        _seen(lesson, sight),
        status="contraindicated",
        reason="harmful",
        action_hint=lesson.action_hint if lesson.family == "execution" else "avoid",
        ci_low=-gate.adjusted_upper(turned, look, level),
        ci_high=-gate.adjusted_lower(turned, look, level),
        shrunk_mean=gate.shrunk(sight.excess),
        claim=gate.claim(sight.excess.mean),
        sd_bps=sight.excess_sd_bps,
    )


def _shifted(excess: Sample, margin: float) -> Sample:
    """How far below the margin it lies, as something above zero."""
    turned = mirrored(excess)
    return Sample(n=turned.n, mean=turned.mean - margin, se=turned.se, skew=turned.skew)


def _seen(lesson: Lesson, sight: Sight) -> Lesson:
    """The numbers of a look."""
    rows = sight.rows
    return replace(
        lesson,
        n=len(rows.predictions),
        n_blocks=sight.net.n,
        hits=sight.hits,
        mean_net_bps=sight.net.mean,
        mean_gross_bps=float(rows.gross.mean()),
        drift_bps=sight.drift_bps,
        shrunk_mean=gate.shrunk(sight.net),
        confirmation_from=lesson.registered_at,
        confirmation_to=sight.ends,
        evidence=rows.ids(EVIDENCE_NAMED),
        evidence_hash=rows.digest(),
    )


def _stamped(lesson: Lesson, now: datetime) -> Lesson:
    """The next revision, known from now on."""
    changes: dict[str, Any] = {"revision": lesson.revision + 1, "known_from": now}
    if lesson.confirmation_from is not None:
        changes["valid_from"] = lesson.confirmation_from
    return replace(lesson, **changes)
