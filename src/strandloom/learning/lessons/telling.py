"""Lessons in words: a predicate and a verdict as a person reads them, made of nothing but their numbers."""

from collections.abc import Callable
from typing import Any

from strandloom.kinds.lesson import Lesson
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


def said(lesson: Lesson) -> str:
    """One line: what it speaks of, and what it claims."""
    about = spoken(lesson.predicate)
    if lesson.claim is None:
        return f"lesson {short(lesson)}: {about}, {lesson.status}"
    what = "avoid" if lesson.status == "contraindicated" else "expect"
    return f"lesson {short(lesson)}: {about}, {what} {lesson.claim:+.1f} bps"


def short(lesson: Lesson) -> str:
    """The first eight digits of its id."""
    return str(lesson.lesson)[:8]


def spoken(predicate: Predicate) -> str:
    """`volume.spike up, symbol BTC`."""
    return _WORDS[type(predicate)](predicate)


def _listed(p: AllOf) -> str:
    return ", ".join(
        f"({spoken(part)})" if isinstance(part, AnyOf) else spoken(part) for part in p.predicates
    )


_WORDS: dict[type, Callable[[Any], str]] = {
    KindIs: lambda p: f"every {p.kind}",
    PatternIs: lambda p: p.pattern,
    DirectionIs: lambda p: p.direction,
    SideIs: lambda p: p.side,
    ScopeIn: lambda p: f"{p.scope} {' or '.join(p.names)}",
    FeatureAbove: lambda p: f"{p.feature} > {p.value:g}",
    FeatureBelow: lambda p: f"{p.feature} < {p.value:g}",
    AllOf: _listed,
    AnyOf: lambda p: " or ".join(spoken(part) for part in p.predicates),
    Not: lambda p: f"not ({spoken(p.predicate)})",
}
