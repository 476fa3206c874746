"""Guidance is posted when it has become another one, and is silent while nothing is known."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from strandloom.blackboard.cause import Cause
from strandloom.blackboard.desk import desks, no_market
from strandloom.blackboard.lockstep import Lockstep
from strandloom.blackboard.module import Seat
from strandloom.blackboard.strand import Draft
from strandloom.kinds.execution import ExecutionLearning
from strandloom.kinds.heartbeat import Heartbeat
from strandloom.kinds.insight import Guidance
from strandloom.kinds.lesson import Lesson
from strandloom.kinds.predicate import PatternIs, ScopeIn
from strandloom.learning.lessons import rows
from strandloom.llm.port import Writer
from strandloom.llm.rule import RuleWriter
from strandloom.teams.cil.guidance import GuidanceKeeper
from tests.writers import Speaker

MIDNIGHT = datetime(2025, 5, 20, tzinfo=UTC)


class Story:
    """Market hours in lockstep."""

    def __init__(self, writer: Writer | None = None) -> None:
        seat = Seat(module=GuidanceKeeper(writer or RuleWriter()), order="free")
        self.board = Lockstep([seat], lambda: MIDNIGHT, strict=True, forgiving=False)
        self.board.lay(desks(self.board.past, no_market))

    async def hour(self, n: int, *, catch_up: bool = False) -> None:
        at = MIDNIGHT + timedelta(hours=n)
        beat = Heartbeat(feed="test", minute=at - timedelta(minutes=1), present=(), catch_up=catch_up)
        cause = Cause(module="market.heartbeat", at=at, key=f"beat:{n}")
        self.board.post([Draft(body=beat, tags=("market:heartbeat", "market:heartbeat:60m"))], cause)
        await self.board.drain()

    async def said(self) -> list[Guidance]:
        found = reversed(await self.board.past.latest("guidance", limit=100))
        return [strand.body for strand in found if isinstance(strand.body, Guidance)]

    def know(self, key: str, resonance: float | None, **more: Any) -> None:
        row = {"key": key, "resonance": resonance, "net_bps": 4.5, "n_blocks": 80, "as_of": "2025-05-19"}
        self.board.slate.tables["pattern_keys"].put(key, row | more)

    def learn(self, lesson: Lesson) -> None:
        self.board.slate.apply([rows.register(replace(lesson, status="candidate", revision=0))])
        self.board.slate.apply([rows.move(lesson)])

    def trade(self, n: int, **changes: Any) -> None:
        given: dict[str, Any] = {
            "lesson_type": "saves",
            "predicate": ScopeIn(scope="style", names=("maker",)),
            "venue": "paper",
            "style": "maker",
            "volatility": "wild",
            "orders": 64,
            "mean_saved_bps": 4.0,
            "sd_bps": 8.0,
            "fill_rate": 0.8,
            "confidence": 0.99,
            "evidence": (),
        }
        draft = Draft(body=ExecutionLearning(**(given | changes)), tags=("trader:execution_learning",))
        cause = Cause(module="trader.cil_link", at=MIDNIGHT + timedelta(hours=n), key=f"learnt:{n}")
        self.board.post([draft], cause)


def a_lesson(**changes: Any) -> Lesson:
    given: dict[str, Any] = {
        "lesson": UUID(int=7),
        "revision": 1,
        "version": 1,
        "parent": None,
        "status": "contraindicated",
        "reason": "harmful",
        "family": "pattern",
        "predicate": PatternIs(pattern="volume.spike"),
        "action_hint": "avoid",
        "horizon_s": 3_600,
        "cost_model": "venue/1",
        "cost_bps": 13.0,
        "writer": "rule",
        "mechanism": "",
        "registered_at": MIDNIGHT - timedelta(days=30),
        "n_blocks": 120,
        "mean_gross_bps": -9.0,
        "valid_from": MIDNIGHT - timedelta(days=1),
        "known_from": MIDNIGHT - timedelta(days=1),
    }
    return Lesson(**(given | changes))


async def test_without_knowledge_nothing_is_said() -> None:
    story = Story()
    story.know("volume.spike:up", None)
    story.know("volume.spike:down", 0.4, n_blocks=5)
    for n in range(1, 49):
        await story.hour(n)
    assert await story.said() == []


async def test_what_resonates_is_told_once_and_again_only_when_it_is_something_else() -> None:
    story = Story()
    story.know("volume.spike:up", 0.31)
    for n in range(1, 25):
        await story.hour(n)
    (told,) = await story.said()
    assert told.team == "decision_maker"
    assert [(it.key, it.resonance) for it in told.resonating] == [("volume.spike:up", 0.31)]
    assert told.text == "volume.spike:up resonates (0.31; 4.5 bps net over 80 blocks). Lessons in force: 0."
    story.know("volume.spike:up", 0.35)
    await story.hour(28)
    assert len(await story.said()) == 1
    story.know("volume.spike:up", None)
    await story.hour(52)
    assert [body.text for body in await story.said()][1:] == ["Nothing of it holds any more."]


async def test_a_contraindication_in_force_is_named_in_words() -> None:
    story = Story()
    story.learn(a_lesson())
    await story.hour(4)
    (told,) = await story.said()
    assert told.lessons == (UUID(int=7),)
    assert told.contraindicated[0].what == "volume.spike"
    assert "Contraindicated: volume.spike (-9 bps gross over 120 blocks)." in told.text


async def test_the_trader_hears_what_saved_money_where_it_is_sure() -> None:
    story = Story()
    story.trade(1)
    story.trade(2, volatility="quiet", mean_saved_bps=-3.0)
    story.trade(3, style="sliced", confidence=0.7)
    story.trade(3, style="sliced", orders=5)
    await story.hour(4)
    (told,) = await story.said()
    assert told.team == "trader"
    assert [(it.style, it.volatility, it.saved_bps) for it in told.executing] == [
        ("maker", "quiet", -3.0),
        ("maker", "wild", 4.0),
    ]
    assert 2.6 < told.executing[1].low_bps < 2.8


async def test_only_what_was_known_a_minute_before_is_told() -> None:
    story = Story()
    story.learn(a_lesson(known_from=MIDNIGHT + timedelta(hours=4)))
    await story.hour(4)
    assert await story.said() == []
    await story.hour(8)
    assert len(await story.said()) == 1


async def test_hours_that_are_caught_up_are_passed_over() -> None:
    story = Story()
    story.know("volume.spike:up", 0.31)
    await story.hour(4, catch_up=True)
    assert await story.said() == []


async def test_a_model_words_it_and_changes_none_of_it() -> None:
    plain, worded = Story(), Story(Speaker(text="Spikes resonate."))
    for story in (plain, worded):
        story.know("volume.spike:up", 0.31)
        await story.hour(4)
    (one,), (other,) = await plain.said(), await worded.said()
    assert other.text == "Spikes resonate." and other.writer == "tiny test/prompt@0123abcd"
    assert replace(other, text=one.text, writer="rule") == one
