"""Open questions: raised once, settled with a reason or run out, within a budget."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from strandloom.blackboard.strand import Strand
from strandloom.kinds.heartbeat import Heartbeat
from strandloom.kinds.uncertainty import Uncertainty
from strandloom.market.panel import Panel
from strandloom.teams.raw_data.doubts import Question
from strandloom.teams.raw_data.open_questions import PER_HOUR, OpenQuestions
from tests.frames import sample_panel
from tests.replayed import replayed

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def panel() -> Panel:
    return sample_panel(minutes=2_400)


@pytest.fixture(scope="module")
def doubts(panel: Panel) -> list[Strand]:
    return of(replayed(panel, 1_200))


def of(strands: list[Strand]) -> list[Strand]:
    return [strand for strand in strands if isinstance(strand.body, Uncertainty)]


def a_question(subject: str = "rain", *, priority: float = 0.5) -> Question:
    return Question(
        doubt="novelty",
        subject=subject,
        symbol="BTC",
        priority=priority,
        lasts=timedelta(hours=1),
        resolves_by="a look outside",
        reason="wet",
    )


def test_the_sample_raises_questions_of_several_types(doubts: list[Strand]) -> None:
    types = Counter(strand.body.doubt for strand in doubts if strand.body.phase == "raised")
    assert {"too_few_data", "regime_boundary", "contradiction", "missing_input"} <= types.keys()


def test_an_open_question_is_not_raised_again(doubts: list[Strand]) -> None:
    open_: set[tuple[str, str, str | None]] = set()
    for strand in doubts:
        name = (strand.body.doubt, strand.body.subject, strand.body.symbol)
        if strand.body.phase == "raised":
            assert name not in open_
            open_.add(name)
        else:
            open_.remove(name)


def test_a_question_ends_with_a_reason_or_as_unresolved_at_its_expiry(doubts: list[Strand]) -> None:
    by_id = {strand.id: strand for strand in doubts}
    closed = [strand for strand in doubts if strand.body.phase != "raised"]
    assert {strand.body.phase for strand in closed} == {"resolved", "unresolved"}
    for strand in closed:
        raised = by_id[strand.body.raised].body
        assert strand.body.raised in strand.parents
        assert raised.subject == strand.body.subject
        assert strand.body.reason
        if strand.body.phase == "unresolved":
            assert strand.at >= raised.expires_at


def test_no_hour_sees_more_questions_than_its_budget(doubts: list[Strand]) -> None:
    raised = [strand.at for strand in doubts if strand.body.phase == "raised"]
    for first in raised:
        assert sum(first <= at < first + timedelta(hours=1) for at in raised) <= PER_HOUR


def test_what_the_feed_never_has_is_said_once(doubts: list[Strand]) -> None:
    missing = [strand.body.subject for strand in doubts if strand.body.doubt == "missing_input"]
    assert sorted(missing) == [
        "best bid and ask",
        "mark and oracle prices",
        "open interest",
        "sizes in the order book",
    ]


def test_a_silent_symbol_is_asked_about_until_its_bars_come_again(panel: Panel) -> None:
    gap = range(panel.start + 1_300, panel.start + 1_320)

    def silent(minute: int, body: Heartbeat) -> Heartbeat:
        if minute not in gap:
            return body
        return replace(body, present=("BTC", "ETH"), missing=("SOL",), blocked=("SOL",))

    asked = [s for s in of(replayed(panel, 1_200, change=silent)) if s.body.doubt == "data_stopped"]
    assert [(s.body.phase, s.symbol) for s in asked] == [("raised", "SOL"), ("resolved", "SOL")]
    assert [int(s.at.timestamp()) // 60 - 1 for s in asked] == [gap.start, gap.stop]


def test_the_most_pressing_questions_go_first_when_the_budget_is_short() -> None:
    questions = OpenQuestions()
    many = [a_question(f"q{n}", priority=n / 100) for n in range(40)]
    admitted = questions.admit(many, NOON)
    assert [question.subject for question in admitted] == [f"q{n}" for n in range(39, 39 - PER_HOUR, -1)]


def test_the_budget_comes_back_after_an_hour() -> None:
    from uuid import UUID

    questions = OpenQuestions()
    for question in questions.admit([a_question(f"q{n}") for n in range(20)], NOON):
        questions.raised(question, UUID(int=1), NOON)
    later = [a_question(f"r{n}") for n in range(5)]
    assert questions.admit(later, NOON + timedelta(minutes=59)) == []
    assert len(questions.admit(later, NOON + timedelta(minutes=60))) == 5


def test_novelty_counts_features_beyond_their_recent_range() -> None:
    from strandloom.indicators.features.rows import Laid
    from strandloom.teams.raw_data.newness import NEWNESS

    rows = np.random.default_rng(1).normal(size=(64, 10, 2))
    rows[-1, :4, 1] = 50.0
    rows[-1, :, 0] = rows[:-1, :, 0].mean(axis=0)
    rows[:, 9, :] = np.nan
    assert NEWNESS(Laid(rows))[0].tolist() == pytest.approx([0.0, 4 / 9])
