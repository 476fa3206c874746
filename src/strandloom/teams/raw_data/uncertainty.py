"""raw_data.uncertainty: says what the team is not sure of, once, and how each question was settled."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Literal
from uuid import UUID

from strandloom.basics import ids
from strandloom.basics.ids import unix_ms
from strandloom.blackboard.desk import Ahead, Desk, Market
from strandloom.blackboard.strand import NOTHING, Draft, Said, Strand
from strandloom.kinds.heartbeat import Heartbeat
from strandloom.kinds.uncertainty import Uncertainty
from strandloom.learning.keys import PatternKey
from strandloom.market.minute import MINUTE_MS
from strandloom.teams.raw_data import doubts
from strandloom.teams.raw_data.coming import Coming, next_closing
from strandloom.teams.raw_data.doubts import Question
from strandloom.teams.raw_data.open_questions import Name, OpenQuestions, Raised
from strandloom.teams.raw_data.priors import Priors
from strandloom.teams.raw_data.rule import Rule
from strandloom.teams.raw_data.source import Source, beginning
from strandloom.teams.raw_data.telling import able, direction_of

RESTORED = 1_000
LOOKED_AT = "5m"  # how often questions are settled; silence ends in the minute in which it ends
ENOUGH_BLOCKS = 20
UNDECIDED = 0.03  # p this close to one half
Settled = tuple[Literal["resolved", "unresolved"], str]


class UncertaintyKeeper:
    """Exploration has a budget of questions per hour, and no question can raise a limit of risk."""

    name = "raw_data.uncertainty"
    reads = ("market:heartbeat",)

    def __init__(self, sources: Sequence[Source], priors: Priors) -> None:
        self._sources = tuple(sources)
        self._priors = priors
        self._questions: OpenQuestions | None = None
        self._last: tuple[UUID, Said] | None = None
        self._coming = Coming(self._sources)

    async def wakes(self, ahead: Ahead, desk: Desk) -> int:
        """When anything begins, a question comes up, or one that is open may be settled."""
        if self._questions is None or not self._coming.foreseen:
            return ahead.first
        return min(
            ahead.stop,
            self._coming.next_change(ahead),
            self._coming.next_contradiction(ahead),
            self._coming.next_novelty(ahead),
            next_closing("1h", ahead.first),
            *[_looked_at(name, raised, ahead.first) for name, raised in self._questions.open.items()],
        )

    async def handle(self, strand: Strand, desk: Desk) -> Said:
        if self._questions is None:
            self._questions = OpenQuestions()
            told = await desk.board.latest("uncertainty", limit=RESTORED)
            self._questions.restore(strand for strand in told if strand.module == self.name)
        if self._last is None or self._last[0] != strand.id:
            self._last = strand.id, self._answer(strand, desk.market, self._questions)
        return self._last[1]

    def _answer(self, strand: Strand, market: Market, questions: OpenQuestions) -> Said:
        beat = strand.body
        assert isinstance(beat, Heartbeat)  # noqa: S101 - that is what it reads
        drafts = self._settle(strand, beat, market, questions)
        asked = [] if beat.catch_up else [*self._about_the_market(beat, market), *self._begun(beat, market)]
        for question in questions.admit(asked, strand.at):
            own = ids.strand_id(strand.at, strand.id, self.name, "uncertainty", len(drafts))
            questions.raised(question, own, strand.at)
            drafts.append(_raise(question, questions.open[question.name]))
        return Said(drafts=tuple(drafts)) if drafts else NOTHING

    def _about_the_market(self, beat: Heartbeat, market: Market) -> list[Question]:
        asked = list(doubts.silence(beat))
        if market.closes("5m"):
            asked += doubts.contradictions(self._sources, market)
        if market.closes(doubts.NOVEL_ON):
            asked += doubts.novelty(market, doubts.NOVEL_ON)
        if market.closes("1h"):
            asked += doubts.missing_inputs(market)
        return asked

    def _begun(self, beat: Heartbeat, market: Market) -> Iterator[Question]:
        """What is open about the patterns that begin now."""
        for source in self._sources:
            if market.closes(source.timeframe):
                for rule, symbol, sign, _ in beginning(source.standing(market)):
                    if able(beat, market, symbol):
                        named = market.symbols[symbol]
                        yield from self._about(source, source.rules[rule], sign, market, named)

    def _about(
        self, source: Source, rule: Rule, sign: int, market: Market, symbol: str
    ) -> Iterator[Question]:
        direction = direction_of(rule, sign)
        if direction is None:
            return
        if border := doubts.at_a_border(market, symbol):
            yield border
        key = PatternKey(pattern=rule.name, direction=direction, timeframe=source.timeframe)
        known = self._priors.prior(key, market.minute * 60, 0.0)
        if known.n_blocks < ENOUGH_BLOCKS:
            yield _too_few(key, known.n_blocks)
        elif abs(known.p - 0.5) < UNDECIDED:
            yield _undecided(key, known.p, known.n_blocks)

    def _settle(
        self, strand: Strand, beat: Heartbeat, market: Market, questions: OpenQuestions
    ) -> list[Draft]:
        closed = []
        for name, raised in questions.to_look_at(every=market.closes(LOOKED_AT)):
            settled = self._settled(name, beat, market)
            if settled is None and strand.at >= raised.expires_at:
                settled = "unresolved", "it ran out and nothing settled it"
            if settled is not None:
                del questions.open[name]
                closed.append(_close(name, raised, settled))
        return closed

    def _settled(self, name: Name, beat: Heartbeat, market: Market) -> Settled | None:
        doubt, subject, symbol = name
        if doubt == "data_stopped" and symbol in beat.present:
            return "resolved", "its bars have come again"
        if doubt == "contradiction" and symbol in market.symbols:
            timeframe, number = subject.split("@")[1], market.symbols.index(symbol)
            if not doubts.still_contradicts(timeframe, number, self._sources, market):
                return "resolved", "only one side still stands"
        if doubt == "too_few_data" and market.closes("1h"):
            known = self._priors.prior(PatternKey.parse(subject), market.minute * 60, 0.0)
            if known.n_blocks >= ENOUGH_BLOCKS:
                return "resolved", f"{known.n_blocks} independent blocks by now, p {known.p:.2f}"
        return None


def _looked_at(name: Name, raised: Raised, first: int) -> int:
    """When an open question may be settled: once an hour at the latest all are looked at."""
    if name[0] == "data_stopped":
        return first
    if name[0] == "contradiction":
        return next_closing(LOOKED_AT, first)
    over = unix_ms(raised.expires_at) // MINUTE_MS - 1
    return next_closing(LOOKED_AT, max(first, over))


def _too_few(key: PatternKey, n_blocks: int) -> Question:
    return Question(
        doubt="too_few_data",
        subject=str(key),
        symbol=None,
        priority=0.5,
        lasts=timedelta(days=7),
        resolves_by=f"{ENOUGH_BLOCKS} independent blocks of outcomes",
        reason=f"{n_blocks} independent blocks so far",
    )


def _undecided(key: PatternKey, p: float, n_blocks: int) -> Question:
    return Question(
        doubt="low_confidence",
        subject=str(key),
        symbol=None,
        priority=0.2,
        lasts=timedelta(days=1),
        resolves_by="outcomes that lift or lower p",
        reason=f"p {p:.3f} after {n_blocks} independent blocks",
    )


def _raise(question: Question, raised: Raised) -> Draft:
    body = Uncertainty(
        doubt=question.doubt,
        subject=question.subject,
        symbol=question.symbol,
        phase="raised",
        priority=question.priority,
        raised_at=raised.at,
        expires_at=raised.expires_at,
        resolves_by=question.resolves_by,
        reason=question.reason,
        raised=None,
    )
    return _draft(body, ())


def _close(name: Name, raised: Raised, settled: Settled) -> Draft:
    doubt, subject, symbol = name
    body = Uncertainty(
        doubt=doubt,  # type: ignore[arg-type]  # it came from one
        subject=subject,
        symbol=symbol or None,
        phase=settled[0],
        priority=raised.priority,
        raised_at=raised.at,
        expires_at=raised.expires_at,
        resolves_by=raised.resolves_by,
        reason=settled[1],
        raised=raised.strand,
    )
    return _draft(body, (raised.strand,))


def _draft(body: Uncertainty, parents: tuple[UUID, ...]) -> Draft:
    told = (f"raw_data:uncertainty:{body.doubt}", f"raw_data:{body.phase}", "cil:uncertainty")
    tags = (*told, "dm:exploration") if body.phase == "raised" else told
    return Draft(body=body, tags=tags, parents=parents, symbol=body.symbol)
