"""Small modules for tests: what they read, what they answer, and what they did."""

from collections.abc import Awaitable, Callable, Iterable

from strandloom.blackboard.desk import Desk
from strandloom.blackboard.strand import NOTHING, Draft, Said, Strand

Answer = Callable[[Strand, Desk], Said | Awaitable[Said]]


class Thinks:
    """A module made of a function; it remembers what it was handed."""

    def __init__(self, name: str, reads: Iterable[str], answer: Answer | None = None) -> None:
        self.name = name
        self.reads = tuple(reads)
        self.seen: list[Strand] = []
        self._answer = answer

    async def handle(self, strand: Strand, desk: Desk) -> Said:
        self.seen.append(strand)
        if self._answer is None:
            return NOTHING
        said = self._answer(strand, desk)
        return said if isinstance(said, Said) else await said


def says(*drafts: Draft) -> Answer:
    """Always the same drafts."""
    return lambda strand, desk: Said(drafts=drafts)


def fails(*errors: BaseException, then: Said = NOTHING) -> Answer:
    """One error after the other, then an answer."""
    left = list(errors)

    def answer(strand: Strand, desk: Desk) -> Said:
        if left:
            raise left.pop(0)
        return then

    return answer
