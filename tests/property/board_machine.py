"""Two boards are given the same random sequence of calls, and must answer the same.

Time is kept out of it: a lease or a pause is either over at once or outlasts the test.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from strandloom.basics.errors import StrandloomError
from strandloom.blackboard.board import READ_LIMIT, Board, Search
from strandloom.blackboard.cause import Cause
from strandloom.blackboard.delivery import Delivery, Settlement, Subscription
from strandloom.blackboard.strand import Draft, Said, Strand, Write
from tests.builders import a_note, a_plan, a_pulse, minute
from tests.takes import a_take

NO_TIME_S, LONG_S = 1e-6, 3_600.0
CONSUMERS = ("raw_data.one", "dm.two", "cil.three")
PATTERNS = ("*", "market:*", "market:heartbeat", "raw_data:note:*", "raw_data:note:loud", "dm:*")
TAGS = ("market:heartbeat", "raw_data:note", "raw_data:note:loud", "dm:plan")
HOLDERS = ("me", "you")

subscriptions = st.builds(
    Subscription,
    consumer=st.sampled_from(CONSUMERS),
    patterns=st.lists(st.sampled_from(PATTERNS), min_size=1, max_size=3).map(tuple),
    order=st.sampled_from(("lifecycle", "feed", "symbol", "free")),
    lease_s=st.sampled_from((LONG_S, LONG_S, NO_TIME_S)),
    max_attempts=st.integers(1, 3),
)
fields = st.fixed_dictionaries(
    {
        "symbol": st.sampled_from((None, "BTC", "ETH")),
        "tags": st.lists(st.sampled_from(TAGS), max_size=2, unique=True).map(tuple),
    }
)
takes = st.builds(lambda key, n: a_take(key, n, limit=8), st.sampled_from("abcdef"), st.integers(0, 4))
answers = st.lists(st.tuples(st.sampled_from((a_note, a_plan)), fields), max_size=2)
roots = st.lists(st.tuples(st.sampled_from((a_pulse, a_note, a_plan)), fields), min_size=1, max_size=4)
Held = tuple[Delivery, Delivery]  # one delivery as both boards gave it


class BoardsAgree(RuleBasedStateMachine):
    """Subclasses say which boards; `run` drives their loop."""

    runner: asyncio.Runner
    one: Board
    two: Board

    def __init__(self) -> None:
        super().__init__()
        self.posts = 0
        self.posted: list[UUID] = []
        self.held: list[Held] = []
        for consumer in CONSUMERS[:2]:
            self.both(lambda board, consumer=consumer: board.subscribe([_everything(consumer)]))

    def both(self, call: Callable[[Board], Awaitable[Any]]) -> tuple[Any, Any]:
        """What the two boards answer, errors being answers too."""
        return self._answer(self.one, call), self._answer(self.two, call)

    def same(self, call: Callable[[Board], Awaitable[Any]]) -> Any:
        first, second = self.both(call)
        assert first == second
        return first

    def _answer(self, board: Board, call: Callable[[Board], Awaitable[Any]]) -> Any:
        async def asked() -> Any:
            try:
                return await call(board)
            except StrandloomError as error:
                return type(error).__name__

        return self.runner.run(asked())

    @rule(subscription=subscriptions)
    def subscribe(self, subscription: Subscription) -> None:
        self.same(lambda board: board.subscribe([subscription]))

    @rule(consumer=st.sampled_from(CONSUMERS))
    def unsubscribe(self, consumer: str) -> None:
        self.same(lambda board: board.unsubscribe(consumer))

    @rule(
        module=st.sampled_from((*CONSUMERS, "market.feed")),
        drafts=st.lists(
            st.tuples(st.sampled_from((a_pulse, a_note, a_plan)), fields), min_size=1, max_size=4
        ),
        parents=st.lists(st.integers(0, 99), max_size=2),
        writes=st.lists(takes, max_size=2),
        again=st.booleans(),
    )
    def post(
        self, module: str, drafts: Sequence[Any], parents: list[int], writes: list[Write], again: bool
    ) -> None:
        if not again:
            self.posts += 1
        cause = Cause(module=module, at=minute(self.posts), key=f"post {self.posts}")
        named = tuple(self.posted[n % len(self.posted)] for n in parents) if self.posted else ()
        built = [build(parents=named, **given) for build, given in drafts]
        new = self.same(lambda board: board.post(built, cause, writes))
        if isinstance(new, tuple):
            self.posted += new

    @rule(consumer=st.sampled_from(CONSUMERS), limit=st.integers(1, 9), holder=st.sampled_from(HOLDERS))
    def claim(self, consumer: str, limit: int, holder: str) -> None:
        first, second = self.both(lambda board: board.claim(consumer, limit, holder))
        assert [_token(delivery) for delivery in first] == [_token(delivery) for delivery in second]
        self.held += zip(first, second, strict=True)

    @precondition(lambda self: self.held)
    @rule(
        picks=st.lists(st.integers(0, 99), min_size=1, max_size=3),
        said=st.lists(st.tuples(answers, st.lists(takes, max_size=1)), min_size=3, max_size=3),
    )
    def complete(self, picks: list[int], said: list[Any]) -> None:
        group = self._group(picks)
        answered = [_said(drafts, writes) for drafts, writes in said[: len(group)]]
        first, second = (
            self._answer(board, lambda board, side=side: board.complete(_settlements(group, answered, side)))
            for side, board in enumerate((self.one, self.two))
        )
        assert first == second
        if first is None:
            self.held = [pair for pair in self.held if pair not in group]

    @precondition(lambda self: self.held)
    @rule(pick=st.integers(0, 99), again_in_s=st.sampled_from((0.0, 0.0, LONG_S, None)))
    def fail(self, pick: int, again_in_s: float | None) -> None:
        pair = self.held[pick % len(self.held)]
        first, second = (
            self._answer(
                board,
                lambda board, side=side: board.fail(pair[side], "no luck", again_in_s=again_in_s),
            )
            for side, board in enumerate((self.one, self.two))
        )
        assert first == second

    @precondition(lambda self: self.held)
    @rule(picks=st.lists(st.integers(0, 99), min_size=1, max_size=4))
    def extend(self, picks: list[int]) -> None:
        group = self._group(picks)
        first, second = (
            self._answer(board, lambda board, side=side: board.extend([pair[side] for pair in group]))
            for side, board in enumerate((self.one, self.two))
        )
        assert [_token(delivery) for delivery in first] == [_token(delivery) for delivery in second]

    @rule(holder=st.sampled_from(HOLDERS))
    def free(self, holder: str) -> None:
        self.same(lambda board: board.free(holder))

    @rule()
    def sweep(self) -> None:
        self.same(lambda board: board.sweep())

    @rule(consumer=st.sampled_from(CONSUMERS), pick=st.integers(0, 99), keep=st.booleans())
    def revive_or_drop(self, consumer: str, pick: int, keep: bool) -> None:
        first, second = self.both(lambda board: board.dead(consumer=consumer))
        if not first:
            assert not second
            return
        one = sorted(first, key=lambda letter: letter.seq)[pick % len(first)]
        two = next(letter for letter in second if letter.strand_id == one.strand_id)
        act = "revive" if keep else "drop"
        answers = (
            self._answer(self.one, lambda board: getattr(board, act)(consumer, one.seq)),
            self._answer(self.two, lambda board: getattr(board, act)(consumer, two.seq)),
        )
        assert answers[0] == answers[1]

    @rule()
    def compare(self) -> None:
        self.teardown()

    def teardown(self) -> None:
        """The same is on both boards and in their queues."""
        self.same(lambda board: board.counts())
        self.same(_story)
        self.same(_queues)
        self.same(_dead)
        self.same(lambda board: board.look("t.taken", pot="pot"))

    def _group(self, picks: list[int]) -> list[Held]:
        """Some held deliveries of one consumer, each once."""
        chosen = [self.held[pick % len(self.held)] for pick in picks]
        consumer = chosen[0][0].consumer
        unique = {pair[0].seq: pair for pair in chosen if pair[0].consumer == consumer}
        return list(unique.values())


def _everything(consumer: str) -> Subscription:
    return Subscription(consumer=consumer, patterns=("*",), lease_s=LONG_S)


def _token(delivery: Delivery) -> tuple[UUID, int]:
    return delivery.strand.id, delivery.attempts


def _said(answers: Sequence[Any], writes: Sequence[Write]) -> Said:
    drafts: tuple[Draft, ...] = tuple(build(**given) for build, given in answers)
    return Said(drafts=drafts, writes=tuple(writes))


def _settlements(group: Sequence[Held], said: Sequence[Said], side: int) -> list[Settlement]:
    return [Settlement(delivery=pair[side], said=answer) for pair, answer in zip(group, said, strict=True)]


async def _story(board: Board) -> list[Any]:
    return [_told(strand) for strand in (await board.find(Search(), limit=READ_LIMIT)).strands]


def _told(strand: Strand) -> Any:
    """All of a strand but the number and the time that each board gives by itself."""
    return (
        (strand.id, strand.lifecycle, strand.parents, strand.hop, strand.module, strand.kind),
        (strand.body, strand.tags, strand.symbol, strand.scores, strand.at),
    )


async def _queues(board: Board) -> list[Any]:
    return [
        (queue.consumer, queue.waiting, queue.leased, queue.backing_off, queue.expired, queue.dead)
        for queue in await board.queues()
    ]


async def _dead(board: Board) -> set[Any]:
    return {
        (letter.consumer, letter.strand_id, letter.attempts, letter.error) for letter in await board.dead()
    }
