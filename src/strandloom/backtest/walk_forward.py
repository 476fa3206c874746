"""Walk-forward: each stretch is traded on evidence that was complete well before it began."""

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, replace

from strandloom import roster as whole_roster
from strandloom.backtest.replay import Told, replay
from strandloom.backtest.result import Result
from strandloom.backtest.terms import Roster, Terms
from strandloom.basics.errors import BadInput
from strandloom.basics.ids import unix_ms
from strandloom.kinds.prediction import Outcome
from strandloom.learning.book import Book
from strandloom.learning.evidence import take_outcome
from strandloom.learning.horizons import LONGEST_S
from strandloom.learning.leaves import leaf_of
from strandloom.market.minute import MINUTE_MS
from strandloom.market.panel import Panel

EMBARGO_MINUTES = LONGEST_S // 60  # no forecast runs longer, so none reaches from one side to the other


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """Evidence counts if it was complete before `trained_until`; traded is from `start` to `stop`."""

    number: int
    trained_until: int
    start: int
    stop: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """One fold as it went, and how much evidence it began with."""

    fold: Fold
    result: Result
    outcomes: int


def folds(start: int, stop: int, count: int, embargo: int = EMBARGO_MINUTES) -> list[Fold]:
    """Equal stretches after a first one that is only learnt from; all of the past is learnt from."""
    if embargo < EMBARGO_MINUTES:
        raise BadInput(f"the embargo must be at least the longest horizon, {EMBARGO_MINUTES // 60} hours")
    length = (stop - start) // (count + 1)
    if count < 1 or length <= embargo:
        raise BadInput(
            f"{count} folds of {(stop - start) // 1_440} days are too short: each must be longer than the "
            f"embargo of {embargo // 60} hours; ask for fewer, or for a longer span"
        )
    begins = [start + length * number for number in range(1, count + 1)]
    return [
        Fold(number=n, trained_until=begin - embargo, start=begin, stop=begin + length)
        for n, begin in enumerate(begins, 1)
    ]


async def walk_forward(
    roster: Roster, market: Panel, terms: Terms, stretches: Sequence[Fold], told: Told
) -> AsyncIterator[Walked]:
    """What forecasts came to is the same whoever trades on them, so one replay gives all evidence."""
    whole = await replay(roster, market, replace(terms, stop=stretches[-1].trained_until), told=told)
    known = [body for _, body in whole.said(Outcome)]
    for fold in stretches:
        book = whole_roster.book()
        used = purged(known, fold)
        learn(book, used)
        asked = replace(terms, start=fold.start, stop=fold.stop)
        result = await replay(roster, market.between(market.start, fold.stop), asked, book=book, told=told)
        yield Walked(fold=fold, result=result, outcomes=len(used))


def purged(known: Iterable[Outcome], fold: Fold) -> list[Outcome]:
    """Only what had closed before the embargo began: nothing that reaches into the fold, or near it."""
    limit = fold.trained_until * MINUTE_MS
    return [
        body
        for body in known
        if unix_ms(body.closed_at) <= limit and body.family == "pattern" and not (body.late or body.shadow)
    ]


def learn(book: Book, outcomes: Iterable[Outcome]) -> None:
    """Take the outcomes in, in the order in which they opened."""
    for body in sorted(outcomes, key=lambda body: (body.opened_at, str(body.prediction))):
        book.opened(body.prediction, leaf_of(body), int(body.opened_at.timestamp()))
        take_outcome(book, body)
