"""What a proposal must look like: a predicate of the closed grammar, bound to patterns that exist."""

from collections.abc import Collection, Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from strandloom.kinds.predicate import Predicate
from strandloom.learning.lessons.match import patterns_of
from strandloom.llm.port import Evidence, Grammar
from strandloom.llm.words import fault

LONGEST_MECHANISM = 300


class _Proposal(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    predicate: Predicate
    action_hint: Literal["expect", "avoid"]
    mechanism: str = Field(min_length=3, max_length=LONGEST_MECHANISM)


SCHEMA: Mapping[str, Any] = _Proposal.model_json_schema()


def grammar(patterns: Collection[str], evidence: Evidence, most: int) -> Grammar:
    """Proposals about these patterns, whose reasons keep to the evidence."""
    return Grammar(schema=SCHEMA, fault=lambda found: _fault(found, patterns, evidence), most=most)


def _fault(found: Any, patterns: Collection[str], evidence: Evidence) -> str | None:
    try:
        proposal = _Proposal.model_validate(found)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        return f"{'.'.join(str(part) for part in first['loc'])} {first['msg']}"
    named = patterns_of(proposal.predicate)
    if not named:
        return "the predicate must be bound to a pattern"
    if unknown := sorted(named - set(patterns)):
        return f"there is no pattern {unknown[0]!r}"
    return fault(proposal.mechanism, evidence, LONGEST_MECHANISM)
