"""What came back, taken apart with suspicion: its words, why it ended, and what it says it used."""

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from strandloom.llm.faults import Unfit


class _Usage(BaseModel):
    model_config = ConfigDict(strict=True)
    prompt_tokens: int = Field(ge=0, le=10_000_000)
    completion_tokens: int = Field(ge=0, le=10_000_000)


class _Message(BaseModel):
    model_config = ConfigDict(strict=True)
    content: str | None = None
    refusal: str | None = None
    tool_calls: list[Any] | None = None


class _Choice(BaseModel):
    model_config = ConfigDict(strict=True)
    finish_reason: str | None = None
    message: _Message


_ANYTHING: TypeAdapter[Any] = TypeAdapter(Any)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A reply before anybody believed it; without `tokens` nobody knows what it cost."""

    tokens: tuple[int, int] | None
    choice: Any

    def content(self) -> str:
        """Its words, if there are any to be used; raises Unfit."""
        try:
            choice = _Choice.model_validate(self.choice)
        except ValidationError:
            raise Unfit("the reply is no chat completion") from None
        message = choice.message
        if message.refusal:
            raise Unfit("the model refused to answer")
        if message.tool_calls:
            raise Unfit("the model asked for a tool")
        if choice.finish_reason not in ("stop", None):
            raise Unfit(f"the reply did not end by itself: {choice.finish_reason[:40]}")
        if not message.content:
            raise Unfit("the reply has no content")
        return message.content


def heard(body: bytes) -> Heard:
    """Whatever came; usage and words are read apart, so that a spoilt reply still shows what it cost."""
    try:
        found = _ANYTHING.validate_json(body)
    except ValidationError:
        return Heard(tokens=None, choice=None)
    found = found if isinstance(found, dict) else {}
    choices = found.get("choices")
    first = choices[0] if isinstance(choices, list) and choices else None
    return Heard(tokens=_tokens(found.get("usage")), choice=first)


def _tokens(usage: Any) -> tuple[int, int] | None:
    try:
        known = _Usage.model_validate(usage)
    except ValidationError:
        return None
    return known.prompt_tokens, known.completion_tokens
