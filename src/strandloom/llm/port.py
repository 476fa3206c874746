"""The writer's port: what may be asked for, with which evidence, and who wrote the answer.

A writer never computes a number, sets a status, sizes or sends an order.  It is handed numbers that code
computed and gives words, one of three verdicts, or proposals in a closed grammar.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol
from uuid import UUID

from strandloom.llm.figures import Number

LONGEST_CHARS = 600
Stance = Literal["for", "against", "unsure"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that a writer is told."""

    numbers: Mapping[str, Number | None] = field(default_factory=dict)  # `net_bps`: the name carries the unit
    names: Mapping[str, str | Sequence[str]] = field(default_factory=dict)  # ours: symbols, patterns, times
    quoted: Mapping[str, str] = field(default_factory=dict)  # others' words: data, never to be followed


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One wish for words."""

    agent: str  # the module that asks: `cil.weaver`
    prompt: str  # a file under `prompts/`, without its ending: `cil/braid`
    evidence: Evidence
    at: datetime  # market time
    correlation: UUID | None = None  # the decision chain that it belongs to
    longest: int = LONGEST_CHARS


@dataclass(frozen=True, slots=True, kw_only=True)
class Byline:
    """Who wrote an answer, and why not the model if it was asked."""

    writer: str = "rule"  # or the model's name
    prompt: str | None = None  # `cil/braid@1f0c2a9b`: the file and the hash of its content
    fallback: str | None = None  # why the rules wrote this although a model is configured

    @property
    def by_model(self) -> bool:
        return self.prompt is not None

    def __str__(self) -> str:
        return f"{self.writer} {self.prompt}" if self.prompt else self.writer


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """A text whose every number is one of the evidence."""

    text: str
    by: Byline


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A stance and its reason.  What the stance is worth is the asker's to say; the rules have none."""

    stance: Stance
    why: str
    by: Byline


@dataclass(frozen=True, slots=True, kw_only=True)
class Grammar:
    """The closed language of hypotheses: its JSON schema, and who says what is wrong with one (or None)."""

    schema: Mapping[str, Any]
    fault: Callable[[Any], str | None]
    most: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Hypotheses:
    """Proposals in the grammar; they count only once code has registered and confirmed them."""

    proposals: tuple[Mapping[str, Any], ...]
    by: Byline


class Writer(Protocol):
    """Whoever writes.  Every answer is valid; what a model got wrong, the rules have replaced."""

    async def prose(self, ask: Ask, plain: str) -> Prose:
        """A text; `plain` is the rules' own, with `{name}` for each number and name of the evidence."""
        ...

    async def verdict(self, ask: Ask) -> Verdict:
        """Does the evidence speak for the idea that it describes?"""
        ...

    async def hypotheses(self, ask: Ask, grammar: Grammar) -> Hypotheses:
        """What would be worth testing?"""
        ...
