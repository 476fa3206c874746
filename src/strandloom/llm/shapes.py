"""What a reply must look like: a JSON schema for the model, and a reader that lets nothing else pass."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from strandloom.llm.faults import Unfit
from strandloom.llm.port import Ask, Grammar, Stance
from strandloom.llm.words import fault

T = TypeVar("T")
LONGEST_WHY = 240


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape(Generic[T]):
    """One form of reply; `read` raises Unfit."""

    name: str
    schema: Mapping[str, Any]
    read: Callable[[str], T]


class _Reply(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _Prose(_Reply):
    text: str


class _Verdict(_Reply):
    verdict: Stance
    why: str


class _Hypotheses(_Reply):
    hypotheses: list[dict[str, Any]] = Field(max_length=20)


def prose(ask: Ask) -> Shape[str]:
    """One text."""
    return Shape(
        name="prose",
        schema=_Prose.model_json_schema(),
        read=lambda content: _fit(_parsed(_Prose, content).text, ask, ask.longest),
    )


def verdict(ask: Ask) -> Shape[tuple[Stance, str]]:
    """A stance of three, and why."""

    def read(content: str) -> tuple[Stance, str]:
        reply = _parsed(_Verdict, content)
        return reply.verdict, _fit(reply.why, ask, LONGEST_WHY)

    return Shape(name="verdict", schema=_Verdict.model_json_schema(), read=read)


def hypotheses(grammar: Grammar) -> Shape[tuple[Mapping[str, Any], ...]]:
    """Some proposals, each in the grammar; one that is not spoils them all."""

    def read(content: str) -> tuple[Mapping[str, Any], ...]:
        found = _parsed(_Hypotheses, content).hypotheses
        if len(found) > grammar.most:
            raise Unfit(f"there are {len(found)} hypotheses, {grammar.most} are allowed")
        for number, proposal in enumerate(found):
            if wrong := grammar.fault(proposal):
                raise Unfit(f"hypothesis {number}: {wrong}")
        return tuple(found)

    named = {
        name: part for name, part in grammar.schema.items() if name == "$defs"
    }  # found from the top only
    one = {name: part for name, part in grammar.schema.items() if name != "$defs"}
    items = {"type": "array", "items": one}
    schema = {
        **named,
        "type": "object",
        "properties": {"hypotheses": items},
        "required": ["hypotheses"],
        "additionalProperties": False,
    }
    return Shape(name="hypotheses", schema=schema, read=read)


R = TypeVar("R", bound=_Reply)


def _parsed(model: type[R], content: str) -> R:
    try:
        return model.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise Unfit(f"the reply is not the JSON object asked for: {where} {first['msg']}".strip()) from None


def _fit(text: str, ask: Ask, longest: int) -> str:
    wrong = fault(text, ask.evidence, longest)
    if wrong:
        raise Unfit(wrong)
    return text.strip()
