"""The rules' answers as strands carry them: text, with no more digits than a person wants to read."""

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Final
from uuid import UUID

from strandloom.basics.quick import maker
from strandloom.blackboard.strand import Draft
from strandloom.kinds.decision import Refusal, RuleAnswer
from strandloom.kinds.plan import Side
from strandloom.risk.values import Answer, Number

SHOWN_DIGITS = 6
FOLLOWED = ("dm:refusal", "cil:refusal", "learning:refusal")


_WORDS: Final = ("duplicate_plan", "kill_switch", "one_position", "venue_health")
"""Rules whose values are names, which say less than their reason."""


def refusal(
    plan: UUID, symbol: str, side: Side, answers: Sequence[Answer], *, tags: tuple[str, ...] = FOLLOWED
) -> Draft:
    """A refusal that names every rule that failed."""
    told = tuple(map(shown, answers))
    failed = tuple(answer for answer in told if not answer.approved)
    body = Refusal(
        plan=plan,
        symbol=symbol,
        side=side,
        failed=failed,
        answers=told,
        reason="; ".join(map(_in_words, failed)),
    )
    return Draft(body=body, tags=tags, symbol=symbol)


def _in_words(answer: RuleAnswer) -> str:
    """Numbers where numbers were compared, the reason where it was something else."""
    numbers = f"{answer.value} against {answer.limit} {answer.unit}"
    return f"{answer.rule}: {answer.why if answer.rule in _WORDS else numbers}"


def shown(answer: Answer) -> RuleAnswer:
    """An answer as strands carry it."""
    return _rule_answer(
        rule=answer.rule,
        approved=answer.approved,
        limit=_limit(answer.limit),
        value=_text(answer.value),
        unit=answer.unit,
        why=answer.why,
    )


def _text(value: Number | str) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        text = f"{value:.6f}".rstrip("0").rstrip(".")
        return "0" if text == "-0" else text
    if isinstance(value, float):
        return f"{value:.{SHOWN_DIGITS}g}"
    return str(value)


_rule_answer = maker(RuleAnswer)
_limit = lru_cache(maxsize=1_000, typed=True)(_text)
"""Limits are the same from plan to plan."""
