"""Does a predicate hold?  Yes, no, or not known: a fact that is missing decides nothing."""

import json
from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import Any

from pydantic import TypeAdapter

from strandloom.kinds.predicate import (
    AllOf,
    AnyOf,
    DirectionIs,
    FeatureAbove,
    FeatureBelow,
    KindIs,
    Not,
    PatternIs,
    Predicate,
    ScopeIn,
    SideIs,
)
from strandloom.learning.lessons.facts import Facts

_PREDICATE: TypeAdapter[Predicate] = TypeAdapter(Predicate)


def holds(predicate: Predicate, facts: Facts) -> bool | None:
    """Three-valued: None where what it asks for is not known."""
    answer: bool | None = _CHECKS[type(predicate)](predicate, facts)
    return answer


def patterns_of(predicate: Predicate) -> frozenset[str] | None:
    """Exact pattern names outside which it can never hold; None where it is not bound to any."""
    if isinstance(predicate, PatternIs):
        return None if predicate.pattern.endswith("*") else frozenset((predicate.pattern,))
    if isinstance(predicate, AllOf):
        bound = [names for names in map(patterns_of, predicate.predicates) if names is not None]
        return frozenset.intersection(*bound) if bound else None
    if isinstance(predicate, AnyOf):
        each = [patterns_of(part) for part in predicate.predicates]
        return frozenset().union(*(n for n in each if n is not None)) if None not in each else None
    return None


def asks_for_features(predicate: Predicate) -> bool:
    """Must somebody look up the features to know whether it holds?"""
    if isinstance(predicate, AllOf | AnyOf):
        return any(map(asks_for_features, predicate.predicates))
    if isinstance(predicate, Not):
        return asks_for_features(predicate.predicate)
    return isinstance(predicate, FeatureAbove | FeatureBelow)


def dumped(predicate: Predicate) -> dict[str, Any]:
    """The predicate as JSON."""
    content: dict[str, Any] = _PREDICATE.dump_python(predicate, mode="json")
    return content


def parsed(content: object) -> Predicate:
    """The predicate of JSON; what the grammar does not know is a `ValidationError`."""
    return _PREDICATE.validate_python(content)


def identity(predicate: Predicate, horizon_s: int, family: str, action: str) -> str:
    """The same for the same statement, in whatever order its parts were written.

    Both gates ask of every pattern whether it helps or harms, so what it was hoped to do is no part of it;
    of an order the style is.
    """
    about = action if family == "execution" else ""
    text = json.dumps([_canonical(dumped(predicate)), horizon_s, family, about], sort_keys=True)
    return sha256(text.encode()).hexdigest()


def _canonical(content: Any) -> Any:
    if isinstance(content, dict):
        return {name: _canonical(value) for name, value in content.items()}
    if isinstance(content, list):
        unique = {json.dumps(part, sort_keys=True): part for part in map(_canonical, content)}
        return [unique[text] for text in sorted(unique)]
    return content


def _kind(p: KindIs, facts: Facts) -> bool | None:
    return facts.kind == p.kind


def _pattern(p: PatternIs, facts: Facts) -> bool | None:
    if facts.pattern is None:
        return None
    if p.pattern.endswith("*"):
        return facts.pattern.startswith(p.pattern[:-1])
    return facts.pattern == p.pattern


def _direction(p: DirectionIs, facts: Facts) -> bool | None:
    return None if facts.direction is None else facts.direction == p.direction


def _side(p: SideIs, facts: Facts) -> bool | None:
    return None if facts.side is None else facts.side == p.side


def _scope(p: ScopeIn, facts: Facts) -> bool | None:
    value = getattr(facts, p.scope)
    return None if value is None else value in p.names


def _above(p: FeatureAbove, facts: Facts) -> bool | None:
    value = facts.features.get(p.feature)
    return None if value is None else value > p.value


def _below(p: FeatureBelow, facts: Facts) -> bool | None:
    value = facts.features.get(p.feature)
    return None if value is None else value < p.value


def _all(p: AllOf, facts: Facts) -> bool | None:
    return _every(holds(part, facts) for part in p.predicates)


def _any(p: AnyOf, facts: Facts) -> bool | None:
    none = _every(_turned(holds(part, facts)) for part in p.predicates)
    return _turned(none)


def _not(p: Not, facts: Facts) -> bool | None:
    return _turned(holds(p.predicate, facts))


def _turned(answer: bool | None) -> bool | None:
    return None if answer is None else not answer


def _every(answers: Iterable[bool | None]) -> bool | None:
    """One no is a no; without a no, one unknown is unknown."""
    known: bool | None = True
    for answer in answers:
        if answer is False:
            return False
        known = None if answer is None else known
    return known


_CHECKS: dict[type, Callable[[Any, Facts], bool | None]] = {
    KindIs: _kind,
    PatternIs: _pattern,
    DirectionIs: _direction,
    SideIs: _side,
    ScopeIn: _scope,
    FeatureAbove: _above,
    FeatureBelow: _below,
    AllOf: _all,
    AnyOf: _any,
    Not: _not,
}
