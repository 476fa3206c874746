"""The third observer: a language model's verdict where one was heard, else the rules that watch the flow."""

from collections.abc import Mapping, Sequence
from typing import Any

from strandloom.blackboard.desk import Market
from strandloom.blackboard.strand import Strand
from strandloom.kinds.lesson import Lesson
from strandloom.kinds.plan import Observation
from strandloom.kinds.prediction import Prediction
from strandloom.learning.lessons.telling import spoken
from strandloom.llm.port import Ask, Evidence, Verdict, Writer
from strandloom.teams.decision_maker import observers

AGENT = "decision_maker.planner"
PROMPT = "decision_maker/verdict"
WORTH: Mapping[str, float] = {"for": 0.6, "unsure": 0.5, "against": 0.4}
"""What a word counts for; the record of plans corrects all observers alike once there is enough of it."""


async def third(
    writer: Writer | None,
    strand: Strand,
    signal: Prediction,
    rows: Sequence[Mapping[str, Any]],
    market: Market,
    others: Sequence[Observation],
    lessons: Sequence[Lesson] = (),
) -> Observation:
    """A writer is asked only where its word can matter: two must be for an idea, so one has to be already."""
    row, side = market.symbols.index(signal.symbol), 1 if signal.direction == "up" else -1
    flow = observers.flow(market, row, side)
    if writer is None or not any(other.stance == "for" for other in others):
        return flow
    votes = {
        **_named("structure", observers.structure_votes(market, row, side)),
        **_named("flow", observers.flow_votes(market, row, side)),
    }
    heard = await writer.verdict(_ask(strand, signal, rows, votes, lessons))
    return _observed(heard) if heard.by.by_model else flow


def _observed(heard: Verdict) -> Observation:
    confidence = WORTH[heard.stance]
    return Observation(
        observer="model",
        stance=observers.stance_of(confidence),
        confidence=confidence,
        why=heard.why,
        writer=str(heard.by),
    )


def _ask(
    strand: Strand,
    signal: Prediction,
    rows: Sequence[Mapping[str, Any]],
    votes: Mapping[str, float],
    lessons: Sequence[Lesson],
) -> Ask:
    record = observers.finest(rows)
    known = {name: record[name] for name in ("net_bps", "se_bps", "n_blocks")} if record else {}
    names = {
        "side": "buy" if signal.direction == "up" else "sell",
        "pattern": signal.pattern,
        "symbol": signal.symbol,
        "timeframe": signal.timeframe,
        "regime": signal.regime,
        "session": signal.session,
        **{f"lesson_{n}": spoken(lesson.predicate) for n, lesson in enumerate(lessons, 1)},
    }
    claims = {f"lesson_{n}_claim_bps": lesson.claim or 0.0 for n, lesson in enumerate(lessons, 1)}
    numbers = {**votes, **known, **claims, "p": signal.p, "expected_bps": signal.expected_bps}
    return Ask(
        agent=AGENT,
        prompt=PROMPT,
        evidence=Evidence(numbers=numbers, names=names),
        at=strand.at,
        correlation=strand.lifecycle,
    )


def _named(family: str, votes: Mapping[str, float]) -> dict[str, float]:
    return {f"{family}_{what.replace(' ', '_')}": vote for what, vote in votes.items()}
