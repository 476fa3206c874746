"""What to do about an error of a handler: a decision as a value, on which the runner acts."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from traceback import format_exception

from strandloom.basics.errors import Halt, Refused, Retryable
from strandloom.basics.log import masked
from strandloom.blackboard.board import ConditionFailed, LeaseLost
from strandloom.blackboard.strand import Draft, Said
from strandloom.kinds.system import Dead, Flood, HaltWanted, HandlerRefused

BACKOFF_BASE_S = 1.0
BACKOFF_CAP_S = 300.0
_TEXT = 8_000  # characters of an error that are kept


@dataclass(frozen=True, slots=True)
class Answer:
    """It was a considered no: settle the delivery with this."""

    said: Said


@dataclass(frozen=True, slots=True)
class Again:
    """Leave the delivery for so many seconds; on its last attempt it becomes a dead letter."""

    after_s: float
    error: str
    expected: bool  # a Retryable; anything else deserves a traceback in the log


@dataclass(frozen=True, slots=True)
class Rerun:
    """The world changed between thinking and writing: think again at once."""


@dataclass(frozen=True, slots=True)
class Forget:
    """Somebody else holds the delivery now; whatever was thought is void."""


@dataclass(frozen=True, slots=True)
class StopTrading:
    """Say so on the board, then leave the delivery for later."""

    draft: Draft
    then: Again


Decision = Answer | Again | Rerun | Forget | StopTrading


def decide(error: BaseException, attempts: int, rng: Random) -> Decision:
    """The consequence of an error on the given attempt."""
    match error:
        case Refused():
            return Answer(Said(drafts=(refusal(error),)))
        case ConditionFailed():
            return Rerun()
        case LeaseLost():
            return Forget()
        case Halt():
            return StopTrading(halt_wanted(error), _again(error, attempts, rng))
        case _:
            return _again(error, attempts, rng)


def backoff_s(attempts: int, rng: Random) -> float:
    """Doubling from one second to five minutes, a fifth up or down."""
    return float(min(BACKOFF_CAP_S, BACKOFF_BASE_S * 2 ** min(attempts - 1, 30)) * rng.uniform(0.8, 1.2))


def refusal(error: Refused) -> Draft:
    body = HandlerRefused(rule=error.rule, reason=masked(error.reason), numbers=_plain(error.numbers))
    return Draft(body=body, tags=("system:refused",))


def halt_wanted(error: Halt) -> Draft:
    return Draft(body=HaltWanted(reason=masked(str(error))), tags=("system:halt_wanted",))


def dead_letter(attempts: int, error: str) -> Draft:
    last_line = error.strip().rpartition("\n")[2]
    return Draft(body=Dead(attempts=attempts, error=last_line[:500]), tags=("system:dead_letter",))


def within(said: Said, limit: int) -> Said:
    """What a module may say at once: drafts past the limit give way to one that reports the flood."""
    if len(said.drafts) <= limit:
        return said
    report = Draft(body=Flood(drafts=len(said.drafts), limit=limit), tags=("system:flood",))
    return Said(drafts=(*said.drafts[:limit], report), writes=said.writes)


def story(error: BaseException) -> str:
    """The traceback without secrets, its end kept when it is long."""
    return masked("".join(format_exception(error)))[-_TEXT:]


def _again(error: BaseException, attempts: int, rng: Random) -> Again:
    expected = isinstance(error, Retryable)
    text = masked(str(error)) if expected else story(error)
    return Again(backoff_s(attempts, rng), text or repr(error), expected)


def _plain(numbers: Mapping[str, object]) -> dict[str, object]:
    """Numbers that JSON carries: what it does not know becomes text."""
    return {
        name: value if isinstance(value, bool | int | str | None) or _finite(value) else str(value)
        for name, value in numbers.items()
    }


def _finite(value: object) -> bool:
    return isinstance(value, float) and abs(value) < float("inf")
