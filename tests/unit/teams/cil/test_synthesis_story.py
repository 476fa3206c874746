"""Weeks of quarter hours go in, meta signals come out: about what is there, and about nothing else."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from strandloom.blackboard.cause import Cause
from strandloom.blackboard.desk import Market, NoMarket, desks
from strandloom.blackboard.lockstep import Lockstep
from strandloom.blackboard.module import Seat
from strandloom.blackboard.strand import Draft, Strand
from strandloom.indicators.frame import Minutes
from strandloom.kinds.heartbeat import Heartbeat
from strandloom.kinds.insight import MetaSignal
from strandloom.kinds.pattern import Overview
from strandloom.llm.rule import RuleWriter
from strandloom.teams.cil.synthesis import Synthesis
from tests.writers import Speaker

START = datetime(2025, 5, 1, tzinfo=UTC)
SYMBOLS = ("BTC", "ETH")
QUARTER = timedelta(minutes=15)


class Bars(NoMarket):
    """A market of two symbols, of which some bring no bars."""

    symbols = SYMBOLS

    def __init__(self, gone: tuple[str, ...] = ()) -> None:
        self.gone = gone

    def missing(self, bars: int = 60) -> Minutes:
        return np.array([60 if symbol in self.gone else 0 for symbol in self.symbols])


class Story:
    """Quarter hours in lockstep: what began in each, then its heartbeat."""

    def __init__(self, writer: RuleWriter | None = None) -> None:
        self.market: Market = Bars()
        self.writer = writer or RuleWriter()
        self.board = Lockstep([self._seat()], lambda: START, strict=True, forgiving=False)
        self.board.lay(desks(self.board.past, lambda at: self.market))
        self.n = 0

    def _seat(self) -> Seat:
        return Seat(module=Synthesis(self.writer), order="feed")

    async def quarter(self, *began: str, catch_up: bool = False) -> None:
        opens = START + self.n * QUARTER
        self.n += 1
        if began:
            said = opens + timedelta(minutes=7)
            body = Overview(minute=said, timeframes=("1m",), began=began, ended=(), active=0, signatures={})
            cause = Cause(module="raw_data.overview", at=said, key=f"o{self.n}")
            self.board.post([Draft(body=body, tags=("raw_data:overview", "cil:overview"))], cause)
        closes = opens + QUARTER
        beat = Heartbeat(
            feed="test", minute=closes - timedelta(minutes=1), present=SYMBOLS, catch_up=catch_up
        )
        tags = ("market:heartbeat", "market:heartbeat:15m")
        self.board.post(
            [Draft(body=beat, tags=tags)], Cause(module="market.heartbeat", at=closes, key=f"b{self.n}")
        )
        await self.board.drain()

    async def told(self, subject: str) -> list[Strand]:
        found = reversed(await self.board.past.latest("meta_signal", limit=1_000))
        return [s for s in found if isinstance(s.body, MetaSignal) and s.body.subject == subject]


def days_of_planted_confluence(days: int, seed: int = 1) -> Iterable[tuple[str, ...]]:
    """Spikes come with breakouts and are followed by trends half an hour later; the others know nothing."""
    rng = np.random.default_rng(seed)
    follows: dict[int, list[str]] = {}
    for n in range(days * 96):
        began = follows.pop(n, [])
        for symbol in SYMBOLS:
            if rng.random() < 0.05:
                began.append(f"{symbol} volume.spike:up@1m")
                if rng.random() < 0.7:
                    began.append(f"{symbol} volatility.breakout:up@5m")
                if rng.random() < 0.7:
                    follows.setdefault(n + 2, []).append(f"{symbol} momentum.trend:up@15m")
            began += [
                f"{symbol} {name}" for name in ("time.open:up@1m", "cross.gap:down@1m") if rng.random() < 0.05
            ]
        yield tuple(began)


async def a_story(days: int, **told: Any) -> Story:
    story = Story(**told)
    for began in days_of_planted_confluence(days):
        await story.quarter(*began)
    return story


async def test_what_was_planted_is_told_with_its_numbers_and_parents_and_little_else() -> None:
    story = await a_story(11)
    told = [s for s in await story.told("confluence") if isinstance(s.body, MetaSignal)]
    pairs = [(it.one, it.other) for s in told for it in s.body.confluence]  # type: ignore[attr-defined]
    planted = ("volatility.breakout:up", "volume.spike:up")
    assert pairs.count(planted) > 5
    assert len(pairs) - pairs.count(planted) <= 0.25 * len(pairs)
    first = next(s for s in told if s.body.confluence)  # type: ignore[attr-defined]
    body = first.body
    assert isinstance(body, MetaSignal)
    assert body.confluence[0].lift > 3 and body.confluence[0].p < 0.05 and body.tests >= 1
    assert "volatility.breakout:up and volume.spike:up began together" in body.text
    parents = [await story.board.past.get(name) for name in first.parents]
    assert {parent.kind for parent in parents if parent} == {"heartbeat", "overview"}


async def test_before_there_are_enough_days_nothing_is_claimed() -> None:
    story = await a_story(5)
    assert await story.told("confluence") == []


async def test_a_restart_in_the_middle_changes_nothing() -> None:
    through, restarted = Story(), Story()
    module = restarted.board.chairs[0][0].module
    assert isinstance(module, Synthesis)
    for n, began in enumerate(days_of_planted_confluence(8)):
        await through.quarter(*began)
        if n % 50 == 0:
            module._history = None  # a new process knows only the tables
        await restarted.quarter(*began)
    one, other = await through.told("confluence"), await restarted.told("confluence")
    assert [s.body for s in one] == [s.body for s in other] and one


async def test_a_quarter_that_is_caught_up_is_kept_and_claims_nothing() -> None:
    story = Story()
    for began in days_of_planted_confluence(9):
        await story.quarter(*began, catch_up=True)
    assert await story.told("confluence") == []
    for began in days_of_planted_confluence(1, seed=2):
        await story.quarter(*began)
    assert await story.told("confluence")


async def test_blind_spots_are_told_when_they_change_and_then_not_again() -> None:
    story = Story()
    for n in range(3 * 96):
        story.market = Bars(gone=("ETH",) if 40 <= n < 80 else ())
        await story.quarter("BTC volume.spike:up@1m")
    said = [
        (s.body.blind, s.body.unseen) for s in await story.told("coverage") if isinstance(s.body, MetaSignal)
    ]
    assert said == [(("ETH",), ()), ((), ()), ((), ("ETH",))]


async def test_a_stream_that_spoke_every_day_and_fell_silent_is_told_once() -> None:
    story = Story()
    for n in range(9 * 96):
        spike = n % 5 == 0 and n < 7 * 96
        await story.quarter("BTC time.open:up@1m", "ETH time.open:up@1m", *["BTC volume.spike:up@1m"] * spike)
    (told,) = [s.body for s in await story.told("coverage")]
    assert isinstance(told, MetaSignal)
    assert told.silent == ("volume.spike:up",)
    assert told.text == "Fell silent after speaking every day: volume.spike:up."


async def test_a_model_may_word_it_and_no_number_moves() -> None:
    plain, worded = await a_story(8), await a_story(8, writer=Speaker(text="Something met."))
    one, other = await plain.told("confluence"), await worded.told("confluence")
    assert [s.body.confluence for s in one] == [s.body.confluence for s in other]  # type: ignore[attr-defined]
    assert {s.body.text for s in other} == {"Something met."}  # type: ignore[attr-defined]
    assert {s.body.writer for s in other} == {"tiny test/prompt@0123abcd"}  # type: ignore[attr-defined]
