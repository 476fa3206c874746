"""Open questions: the same one is raised once, each is settled or runs out, and only so many are raised."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from strandloom.blackboard.strand import Strand
from strandloom.kinds.uncertainty import Uncertainty
from strandloom.teams.raw_data.doubts import Question

PER_HOUR = 12
HOUR = timedelta(hours=1)
Name = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """A question on the board."""

    strand: UUID
    at: datetime
    expires_at: datetime
    priority: float
    resolves_by: str


class OpenQuestions:
    """What is open, and how much of the budget is left: exploration must not drown the rest."""

    def __init__(self) -> None:
        self.open: dict[Name, Raised] = {}
        self._times: deque[datetime] = deque()

    def admit(self, questions: Iterable[Question], now: datetime) -> list[Question]:
        """Those to raise now, the most pressing first; one that is open is not raised again."""
        fresh: dict[Name, Question] = {}
        for question in questions:
            if question.name not in self.open:
                fresh.setdefault(question.name, question)
        while self._times and self._times[0] <= now - HOUR:
            self._times.popleft()
        ranked = sorted(fresh.values(), key=lambda question: (-question.priority, question.name))
        return ranked[: max(0, PER_HOUR - len(self._times))]

    def raised(self, question: Question, strand: UUID, now: datetime) -> None:
        """It went on the board."""
        self._times.append(now)
        self.open[question.name] = Raised(
            strand=strand,
            at=now,
            expires_at=now + question.lasts,
            priority=question.priority,
            resolves_by=question.resolves_by,
        )

    def to_look_at(self, *, every: bool) -> list[tuple[Name, Raised]]:
        """The open ones in a fixed order; not `every`: those about silence alone."""
        if every:
            return sorted(self.open.items(), key=lambda item: item[0])
        return sorted((n, raised) for n, raised in self.open.items() if n[0] == "data_stopped")

    def restore(self, strands: Iterable[Strand]) -> None:
        """From what the board holds of them, in any order."""
        for strand in sorted(strands, key=lambda strand: (strand.at, strand.seq)):
            body = strand.body
            if not isinstance(body, Uncertainty):
                continue
            name = (body.doubt, body.subject, body.symbol or "")
            if body.phase != "raised":
                self.open.pop(name, None)
                continue
            self._times.append(strand.at)
            self.open[name] = Raised(
                strand=strand.id,
                at=body.raised_at,
                expires_at=body.expires_at,
                priority=body.priority,
                resolves_by=body.resolves_by,
            )
