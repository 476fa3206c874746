"""Proposing by code: pattern keys whose evidence stands out become hypotheses, few at a time.

Everything that is registered raises the bar for all, for ever, so code is thrifty: of each pattern and
direction only the scope that stands out most, and only so many in one run.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from strandloom.kinds.lesson import Hypothesis
from strandloom.kinds.predicate import AllOf, DirectionIs, PatternIs, Predicate, Scope, ScopeIn
from strandloom.learning.horizons import Horizons
from strandloom.learning.keys import PatternKey
from strandloom.learning.lessons.match import identity
from strandloom.scoring.costs import CostModel

FEWEST_BLOCKS = 20
Z = 1.5
PER_RUN = 4
LIVE_AT_MOST = 60
TYPICAL_HALF_SPREAD_BPS = 1.0
TYPICAL_SLIPPAGE_BPS = 0.5
_SCOPES: tuple[Scope, ...] = ("symbol", "timeframe", "regime", "session")


def proposals(
    promising: Sequence[Mapping[str, Any]],
    known: Collection[str],
    busy: Collection[tuple[str, str]],
    horizons: Horizons,
    costs: CostModel,
) -> Iterator[tuple[Hypothesis, tuple[UUID, ...]]]:
    """Hypotheses from keys and braids, the farthest from nothing first, each with what suggested it.

    None about what is being tried already: `known` are identities ever registered, `busy` the patterns and
    directions that have a live lesson.
    """
    cost_bps = costs.round_trip_bps(TYPICAL_HALF_SPREAD_BPS, TYPICAL_SLIPPAGE_BPS)
    taken = set(busy)
    for row in sorted(promising, key=lambda row: (-abs(row["net_bps"]) / row["se_bps"], row["key"])):
        key = PatternKey.parse(row["key"])
        subject = (key.pattern, key.direction or "")
        if key.direction is None or subject in taken or not stands_out(row, cost_bps):
            continue
        body = hypothesis(key, row, horizons.longest_s(key), costs.name, cost_bps)
        if statement(body) not in known:
            taken.add(subject)
            yield body, (row["because"],) if "because" in row else ()


def stands_out(row: Mapping[str, Any], cost_bps: float) -> bool:
    """It earns more than it costs, or loses before costs by more than half of them: by enough errors."""
    net, se = row["net_bps"], row["se_bps"]
    return bool(net >= Z * se or net + cost_bps + cost_bps / 2.0 <= -Z * se)


def hypothesis(
    key: PatternKey, row: Mapping[str, Any], horizon_s: int, cost_model: str, cost_bps: float
) -> Hypothesis:
    """The key as a statement; what was seen so far suggests it and confirms nothing."""
    return Hypothesis(
        family="pattern",
        predicate=predicate_of(key),
        action_hint="expect" if row["net_bps"] > 0 else "avoid",
        horizon_s=horizon_s,
        cost_model=cost_model,
        cost_bps=cost_bps,
        writer="rule",
        mechanism="",
    )


def predicate_of(key: PatternKey) -> Predicate:
    """A key in the grammar."""
    parts: list[Predicate] = [PatternIs(pattern=key.pattern)]
    if key.direction is not None:
        parts.append(DirectionIs(direction="up" if key.direction == "up" else "down"))
    scoped = ((scope, getattr(key, scope)) for scope in _SCOPES)
    parts += [ScopeIn(scope=scope, names=(name,)) for scope, name in scoped if name is not None]
    return AllOf(predicates=tuple(parts))


def statement(body: Hypothesis) -> str:
    """What makes it the same statement."""
    return identity(body.predicate, body.horizon_s, body.family, body.action_hint)


def subjects(predicate: Predicate) -> tuple[str, str] | None:
    """The pattern and direction that a predicate made of a key is about."""
    parts = predicate.predicates if isinstance(predicate, AllOf) else (predicate,)
    pattern = next((part.pattern for part in parts if isinstance(part, PatternIs)), None)
    direction = next((part.direction for part in parts if isinstance(part, DirectionIs)), "")
    return None if pattern is None else (pattern, direction)
