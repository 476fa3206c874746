"""Prompts are files under `prompts/`; the hash of what they say is their version."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import Any

from strandloom.basics import log, paths
from strandloom.basics.errors import CannotStart
from strandloom.llm.figures import spelled
from strandloom.llm.port import Ask
from strandloom.llm.shapes import Shape

HOUSE = "house"
Message = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """What a model is told to do, apart from the evidence."""

    name: str
    text: str

    @property
    def version(self) -> str:
        return f"{self.name}@{sha256(self.text.encode()).hexdigest()[:8]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """An ask as it goes to a model; `key` names everything that the reply depends on."""

    prompt: Prompt
    messages: tuple[Message, ...]
    key: str


@cache
def prompt(name: str) -> Prompt:
    """The file of that name under the rules of the house, which every prompt begins with."""
    return Prompt(name=name, text=f"{_file(HOUSE)}\n\n{_file(name)}")


def request(ask: Ask, shape: Shape[Any], model: str) -> Request:
    """The messages; all evidence, and above all what others wrote, is JSON and nothing else."""
    told = prompt(ask.prompt)
    messages = (
        {"role": "system", "content": log.masked(told.text)},
        {"role": "user", "content": log.masked(_as_json(_evidence(ask, shape)))},
    )
    named = _as_json({"agent": ask.agent, "model": model, "schema": shape.schema, "messages": messages})
    return Request(prompt=told, messages=messages, key=sha256(named.encode()).hexdigest())


def _evidence(ask: Ask, shape: Shape[Any]) -> Mapping[str, Any]:
    return {
        "numbers": {name: spelled(value) for name, value in ask.evidence.numbers.items()},
        "names": {name: _plain(given) for name, given in ask.evidence.names.items()},
        "quoted": dict(ask.evidence.quoted),
        "longest_characters": ask.longest,
        "answer_schema": shape.schema,
    }


def _plain(given: Any) -> Any:
    return given if isinstance(given, str) else list(given)


def _as_json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _file(name: str) -> str:
    path = paths.prompts() / f"{name}.md"
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise CannotStart(f"the prompt {path} cannot be read: {error.strerror}") from error
