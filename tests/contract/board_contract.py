"""What every board promises; subclassed once per board, which gives the fixture `board`."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from strandloom.blackboard.board import (
    READ_LIMIT,
    Board,
    ConditionFailed,
    LeaseLost,
    Search,
    Unacceptable,
)
from strandloom.blackboard.cause import Cause, person
from strandloom.blackboard.delivery import Delivery, Settlement, Subscription
from strandloom.blackboard.module import OrderKey
from strandloom.blackboard.strand import NOTHING, Draft, Said, Scores, Strand, Write
from tests.builders import NOON, a_note, a_plan, a_pulse, from_feed
from tests.kinds import Note
from tests.takes import a_take

NO_TIME_S = 1e-6  # a lease or a backoff that has run out by the next call
LONG_S = 600.0


async def subscribed(
    board: Board,
    consumer: str = "raw_data.one",
    *patterns: str,
    order: OrderKey = "lifecycle",
    lease_s: float = LONG_S,
    max_attempts: int = 6,
) -> str:
    subscription = Subscription(
        consumer=consumer,
        patterns=patterns or ("*",),
        order=order,
        lease_s=lease_s,
        max_attempts=max_attempts,
    )
    await board.subscribe([subscription])
    return consumer


async def pulses(board: Board, count: int, *, start: int = 0, **fields: object) -> list[UUID]:
    """Post so many heartbeats; their ids."""
    posted: list[UUID] = []
    for n in range(start, start + count):
        posted += await board.post([a_pulse(n, **fields)], from_feed(n))
    return posted


async def claim(board: Board, consumer: str, limit: int = 100, holder: str = "me") -> list[Delivery]:
    return await board.claim(consumer, limit, holder)


def settled(delivery: Delivery, *drafts: Draft, writes: tuple[Write, ...] = ()) -> Settlement:
    return Settlement(
        delivery=delivery, said=Said(drafts=drafts, writes=writes) if drafts or writes else NOTHING
    )


def ids(deliveries: list[Delivery]) -> list[UUID]:
    return [delivery.strand.id for delivery in deliveries]


async def everything(board: Board) -> tuple[Strand, ...]:
    """All strands, oldest first."""
    return tuple(reversed((await board.find(Search(), limit=READ_LIMIT)).strands))


class Posting:
    """Onto the board."""

    async def test_a_strand_reads_back_as_it_was_posted(self, board: Board) -> None:
        scores = Scores(confidence=0.1, phi=1 / 3)
        draft = Draft(
            body=Note(text="größer → 😀", number=0.1 + 0.2),
            tags=("raw_data:note", "raw_data:note:loud"),
            symbol="BTC",
            timeframe="5m",
            session_bucket="asia",
            regime="calm",
            scores=scores,
            braid_level=2,
        )
        (posted,) = await board.post([draft], from_feed())
        strand = await board.get(posted)

        assert strand is not None
        assert (strand.body, strand.tags, strand.scores) == (draft.body, draft.tags, scores)
        assert (strand.symbol, strand.timeframe, strand.session_bucket) == ("BTC", "5m", "asia")
        assert (strand.regime, strand.braid_level, strand.at) == ("calm", 2, NOON)
        assert (strand.module, strand.kind, strand.lifecycle) == ("market.feed", "t_note", posted)
        assert strand.created_at.utcoffset() == timedelta(0)

    async def test_posting_twice_posts_once(self, board: Board) -> None:
        reader = await subscribed(board)

        assert len(await board.post([a_pulse()], from_feed())) == 1
        assert await board.post([a_pulse()], from_feed()) == ()
        assert len(await claim(board, reader)) == 1

    async def test_a_refused_draft_leaves_nothing_of_its_group(self, board: Board) -> None:
        with pytest.raises(Unacceptable, match=r"^tags: "):
            await board.post([a_note(), a_note(tags=("nonsense",))], from_feed(), [a_take("a")])

        assert await everything(board) == ()
        assert await board.look("t.taken", pot="pot") == []

    async def test_a_body_that_json_cannot_carry_is_refused_by_its_field(self, board: Board) -> None:
        with pytest.raises(Unacceptable, match=r"^body\.number: "):
            await board.post([Draft(body=Note(number=float("nan")), tags=())], from_feed())

    async def test_a_parent_that_does_not_exist_is_refused(self, board: Board) -> None:
        missing = uuid4()

        with pytest.raises(Unacceptable, match=f"^parents: .*{missing}"):
            await board.post([a_note(parents=(missing,))], person("people.me", NOON))

    async def test_a_parent_that_is_a_plan_gives_its_lifecycle(self, board: Board) -> None:
        (plan,) = await board.post([a_plan()], from_feed())
        reader = await subscribed(board)
        await pulses(board, 1, start=1)
        (delivery,) = await claim(board, reader)

        await board.complete([settled(delivery, a_note(parents=(plan,)))])

        (note,) = await board.latest("t_note")
        assert note.lifecycle == plan
        assert note.parents == (delivery.strand.id, plan)
        assert note.hop == 1

    async def test_writes_go_with_the_strands(self, board: Board) -> None:
        await board.post([a_pulse()], from_feed(), [a_take("a", 3), a_take("b", 4)])

        taken = await board.look("t.taken", pot="pot")
        assert [(row["key"], row["n"]) for row in taken] == [("a", 3), ("b", 4)]

    async def test_an_unknown_write_or_look_is_refused_by_name(self, board: Board) -> None:
        with pytest.raises(Unacceptable, match=r"t\.unheard"):
            await board.post([], from_feed(), [Write(name="t.unheard", values={})])
        with pytest.raises(Unacceptable, match=r"t\.unheard"):
            await board.look("t.unheard")

    async def test_a_pattern_outside_the_grammar_is_refused(self, board: Board) -> None:
        with pytest.raises(Unacceptable, match=r"^patterns: "):
            await subscribed(board, "raw_data.one", "dm:plan:*:x")


class Routing:
    """To those who asked, and to nobody else."""

    @pytest.mark.parametrize(
        ("pattern", "hears"),
        [
            ("market:heartbeat", True),
            ("market:*", True),
            ("market:heartbeat:*", True),
            ("*", True),
            ("market:heart", False),
            ("market:heartbeat:5m", False),
            ("dm:*", False),
        ],
    )
    async def test_patterns(self, board: Board, pattern: str, hears: bool) -> None:
        reader = await subscribed(board, "raw_data.one", pattern)
        await pulses(board, 1)

        assert len(await claim(board, reader)) == int(hears)

    async def test_everyone_who_asked_gets_it_once_however_many_patterns_match(self, board: Board) -> None:
        await subscribed(board, "raw_data.one", "market:*", "market:heartbeat", "*")
        await subscribed(board, "cil.two", "market:*")
        await board.post([a_pulse(tags=("market:heartbeat", "market:heartbeat:5m"))], from_feed())

        assert len(await claim(board, "raw_data.one")) == 1
        assert len(await claim(board, "cil.two")) == 1

    async def test_nobody_hears_themselves(self, board: Board) -> None:
        await subscribed(board, "market.feed", "*")
        await pulses(board, 1)

        assert await claim(board, "market.feed") == []

    async def test_a_new_subscription_starts_now_unless_it_asks_for_the_past(self, board: Board) -> None:
        start = datetime.now(UTC) - timedelta(minutes=1)
        first = await pulses(board, 2)
        await subscribed(board, "raw_data.one", "market:*")
        late = Subscription(consumer="raw_data.late", patterns=("market:*",))
        await board.subscribe([late], backfill_from=start)
        second = await pulses(board, 1, start=2)

        assert ids(await claim(board, "raw_data.one")) == second
        assert ids(await claim(board, "raw_data.late")) == first + second

    async def test_changed_patterns_hold_for_what_comes_and_not_for_what_waits(self, board: Board) -> None:
        reader = await subscribed(board, "raw_data.one", "market:*")
        first = await pulses(board, 1)
        await subscribed(board, "raw_data.one", "dm:*")
        await pulses(board, 1, start=1)

        assert ids(await claim(board, reader)) == first

    async def test_an_unsubscribed_consumer_has_nothing_left(self, board: Board) -> None:
        reader = await subscribed(board)
        await pulses(board, 2)
        await board.unsubscribe(reader)

        assert await claim(board, reader) == []
        assert (await board.counts())["deliveries"] == 0


class Delivering:
    """At least once, in effect exactly once."""

    async def test_deliveries_come_oldest_first_and_no_more_than_asked_for(self, board: Board) -> None:
        reader = await subscribed(board)
        posted = await pulses(board, 5)

        assert ids(await claim(board, reader, 2)) == posted[:2]
        assert ids(await claim(board, reader, 9)) == posted[2:]

    async def test_what_one_holds_nobody_else_gets(self, board: Board) -> None:
        reader = await subscribed(board)
        await pulses(board, 1)

        (delivery,) = await claim(board, reader, holder="me")
        assert delivery.attempts == 1
        assert await claim(board, reader, holder="you") == []

    async def test_answers_are_posted_when_the_delivery_is_settled(self, board: Board) -> None:
        one = await subscribed(board, "raw_data.one", "market:*")
        two = await subscribed(board, "dm.two", "raw_data:*")
        await pulses(board, 1)
        (delivery,) = await claim(board, one)

        await board.complete([settled(delivery, a_note("a"), a_note("b"))])

        (first,) = await claim(board, two)  # both are of one lifecycle, so the second waits
        assert first.strand.body == Note(text="a")
        assert first.strand.parents == (delivery.strand.id,)
        assert await claim(board, one) == []

    async def test_an_expired_lease_is_claimed_again_and_lost_to_the_first_holder(self, board: Board) -> None:
        reader = await subscribed(board, lease_s=NO_TIME_S)
        await pulses(board, 1)
        (lost,) = await claim(board, reader, holder="slow")
        (found,) = await claim(board, reader, holder="quick")
        assert found.attempts == 2

        with pytest.raises(LeaseLost):
            await board.complete([settled(lost, a_note("from the slow one"))])
        await board.complete([settled(found, a_note("from the quick one"))])

        assert [strand.body for strand in await board.latest("t_note", limit=9)] == [
            Note(text="from the quick one")
        ]

    async def test_a_lease_that_ran_out_unnoticed_still_settles(self, board: Board) -> None:
        reader = await subscribed(board, lease_s=NO_TIME_S)
        await pulses(board, 1)
        (delivery,) = await claim(board, reader)

        await board.complete([settled(delivery)])

        assert (await board.counts())["deliveries"] == 0

    async def test_one_lost_lease_undoes_its_whole_group(self, board: Board) -> None:
        reader = await subscribed(board, order="free")
        await pulses(board, 2)
        first, second = await claim(board, reader)
        await board.complete([settled(first)])

        with pytest.raises(LeaseLost):
            await board.complete(
                [settled(second, a_note(), writes=(a_take("a"),)), settled(first, a_note("again"))]
            )

        assert await board.latest("t_note") == ()
        assert await board.look("t.taken", pot="pot") == []
        await board.complete([settled(second, a_note())])

    async def test_finishing_twice_posts_once(self, board: Board) -> None:
        reader = await subscribed(board, "raw_data.one", "market:*")
        await pulses(board, 1)
        (delivery,) = await claim(board, reader)
        await board.complete([settled(delivery, a_note())])

        with pytest.raises(LeaseLost):
            await board.complete([settled(delivery, a_note())])

        assert len(await everything(board)) == 2

    async def test_a_failed_condition_undoes_its_group_and_all_stay_held(self, board: Board) -> None:
        reader = await subscribed(board, "raw_data.one", "market:*", order="free")
        await pulses(board, 2)
        first, second = await claim(board, reader)
        group = [
            settled(first, a_note(), writes=(a_take("a", 6),)),
            settled(second, a_note(), writes=(a_take("b", 6),)),
        ]

        with pytest.raises(ConditionFailed) as failure:
            await board.complete(group)
        assert failure.value.write == "t.take"
        assert await board.look("t.taken", pot="pot") == []

        await board.complete(group[:1])
        with pytest.raises(ConditionFailed):
            await board.complete(group[1:])
        await board.complete([settled(second, a_note("there was too little left"))])
        assert len(await board.look("t.taken", pot="pot")) == 1
        assert len(await board.latest("t_note", limit=9)) == 2

    async def test_a_refused_answer_settles_nothing(self, board: Board) -> None:
        reader = await subscribed(board)
        await pulses(board, 1)
        (delivery,) = await claim(board, reader)

        with pytest.raises(Unacceptable, match=r"^tags: "):
            await board.complete([settled(delivery, a_note(tags=("nonsense",)))])

        assert (await board.counts())["deliveries"] == 1
        assert await board.extend([delivery]) == [delivery]

    async def test_a_failure_is_hidden_for_its_time_and_comes_again(self, board: Board) -> None:
        reader = await subscribed(board)
        await pulses(board, 1)
        (first,) = await claim(board, reader)

        assert await board.fail(first, "no luck", again_in_s=LONG_S) == "retry"
        assert await claim(board, reader) == []
        assert await board.fail(first, "no luck", again_in_s=0.0) == "retry"
        (second,) = await claim(board, reader)
        assert second.attempts == 2
        assert await board.fail(first, "too late", again_in_s=0.0) == "lease_lost"

    async def test_the_last_attempt_ends_as_a_dead_letter_with_its_error(self, board: Board) -> None:
        reader = await subscribed(board, max_attempts=2)
        (posted,) = await pulses(board, 1)
        for answer in ("retry", "dead"):
            (delivery,) = await claim(board, reader)
            assert await board.fail(delivery, f"boom {delivery.attempts}", again_in_s=0.0) == answer

        (letter,) = await board.dead()
        assert (letter.consumer, letter.strand_id, letter.attempts) == (reader, posted, 2)
        assert letter.error == "boom 2"
        assert await claim(board, reader) == []

    async def test_a_hopeless_failure_dies_at_once(self, board: Board) -> None:
        reader = await subscribed(board)
        await pulses(board, 1)
        (delivery,) = await claim(board, reader)

        assert await board.fail(delivery, "hopeless", again_in_s=None) == "dead"
        assert len(await board.dead(consumer=reader)) == 1
        assert await board.dead(consumer="raw_data.other") == []

    async def test_a_worker_that_dies_on_its_last_attempt_is_found_by_the_sweep(self, board: Board) -> None:
        reader = await subscribed(board, lease_s=NO_TIME_S, max_attempts=1)
        await pulses(board, 1)
        await claim(board, reader)

        assert await claim(board, reader) == []
        assert await board.sweep() == 1
        assert len(await board.dead()) == 1
        assert await board.sweep() == 0

    async def test_extending_renews_what_is_held_and_tells_what_is_lost(self, board: Board) -> None:
        reader = await subscribed(board, order="free", lease_s=NO_TIME_S)
        await pulses(board, 2)
        first, second = await claim(board, reader)
        await subscribed(board, order="free", lease_s=LONG_S)
        await board.complete([settled(second)])

        assert list(await board.extend([first, second])) == [first]
        assert await claim(board, reader) == []

    async def test_what_a_dead_holder_held_is_free_at_once_and_fenced(self, board: Board) -> None:
        reader = await subscribed(board, order="free")
        await pulses(board, 3)
        held = await claim(board, reader, 2, holder="dead")
        await claim(board, reader, 1, holder="alive")

        assert await board.free("dead") == 2
        again = await claim(board, reader, holder="heir")
        assert ids(again) == ids(held)
        with pytest.raises(LeaseLost):
            await board.complete([settled(held[0])])

    async def test_a_dead_letter_comes_back_with_all_its_attempts(self, board: Board) -> None:
        reader = await subscribed(board, max_attempts=1)
        await pulses(board, 1)
        (delivery,) = await claim(board, reader)
        await board.fail(delivery, "boom", again_in_s=0.0)

        assert await board.revive(reader, delivery.seq) is True
        assert await board.revive(reader, delivery.seq) is False
        (again,) = await claim(board, reader)
        assert again.attempts == 2
        with pytest.raises(LeaseLost):
            await board.complete([settled(delivery)])
        await board.complete([settled(again)])
        assert await board.dead() == []

    async def test_a_dropped_dead_letter_is_gone(self, board: Board) -> None:
        reader = await subscribed(board)
        await pulses(board, 1)
        (delivery,) = await claim(board, reader)
        await board.fail(delivery, "boom", again_in_s=None)

        assert await board.drop(reader, delivery.seq) is True
        assert await board.drop(reader, delivery.seq) is False
        assert await board.revive(reader, delivery.seq) is False


class Ordering:
    """Of one order key only the oldest open delivery can be claimed."""

    async def test_a_lifecycle_waits_for_its_oldest_and_others_pass(self, board: Board) -> None:
        reader = await subscribed(board, "cil.reader", "raw_data:*", "market:*")
        teller = await subscribed(board, "raw_data.teller", "market:*")
        await pulses(board, 2)
        first, second = await claim(board, teller)
        await board.complete([settled(first, a_note("1"), a_note("2")), settled(second, a_note("3"))])

        one, two = await claim(board, reader)
        assert {one.strand.id, two.strand.id} == {first.strand.id, second.strand.id}
        assert await claim(board, reader) == []
        await board.complete([settled(one)])
        (note,) = await claim(board, reader)
        assert note.strand.body == Note(text="1")

    async def test_a_feed_runs_in_one_queue_also_across_retries(self, board: Board) -> None:
        reader = await subscribed(board, order="feed")
        posted = await pulses(board, 3)
        (first,) = await claim(board, reader)
        assert await claim(board, reader) == []
        await board.fail(first, "no luck", again_in_s=LONG_S)
        assert await claim(board, reader) == []
        await board.fail(first, "no luck", again_in_s=0.0)

        seen = []
        while batch := await claim(board, reader):
            seen += ids(batch)
            await board.complete([settled(delivery) for delivery in batch])
        assert seen == posted

    async def test_symbols_do_not_wait_for_each_other(self, board: Board) -> None:
        reader = await subscribed(board, order="symbol")
        for n, symbol in enumerate(("BTC", "BTC", "ETH")):
            await board.post([a_pulse(n, symbol=symbol)], from_feed(n))

        first = await claim(board, reader)
        assert [delivery.strand.symbol for delivery in first] == ["BTC", "ETH"]
        await board.complete([settled(first[0])])
        assert [delivery.strand.symbol for delivery in await claim(board, reader)] == ["BTC"]

    async def test_free_deliveries_never_wait(self, board: Board) -> None:
        reader = await subscribed(board, order="free")
        await board.post([a_note(str(n)) for n in range(3)], from_feed())

        assert len(await claim(board, reader)) == 3

    async def test_a_dead_letter_lets_the_next_of_its_key_pass(self, board: Board) -> None:
        reader = await subscribed(board, order="feed")
        posted = await pulses(board, 2)
        (first,) = await claim(board, reader)
        await board.fail(first, "hopeless", again_in_s=None)

        assert ids(await claim(board, reader)) == posted[1:]

    async def test_an_older_one_that_comes_back_waits_for_the_one_that_runs(self, board: Board) -> None:
        reader = await subscribed(board, order="feed")
        posted = await pulses(board, 3)
        (first,) = await claim(board, reader)
        await board.fail(first, "hopeless", again_in_s=None)
        (second,) = await claim(board, reader)
        await board.revive(reader, first.seq)

        assert await claim(board, reader) == []
        await board.complete([settled(second)])
        assert ids(await claim(board, reader)) == posted[:1]
        assert await claim(board, reader) == []

    async def test_an_older_one_that_comes_back_goes_before_one_that_failed(self, board: Board) -> None:
        reader = await subscribed(board, order="feed")
        posted = await pulses(board, 2)
        (first,) = await claim(board, reader)
        await board.fail(first, "hopeless", again_in_s=None)
        (second,) = await claim(board, reader)
        await board.revive(reader, first.seq)
        await board.fail(second, "no luck", again_in_s=0.0)

        (again,) = await claim(board, reader)
        assert again.strand.id == posted[0]
        await board.complete([settled(again)])
        assert ids(await claim(board, reader)) == posted[1:]


class Reading:
    """The past, never without a bound."""

    async def test_what_is_not_there_is_none(self, board: Board) -> None:
        assert await board.get(uuid4()) is None
        assert await board.parents(uuid4()) == ()
        assert list(await board.children(uuid4())) == []
        assert list(await board.chain(uuid4())) == []

    async def test_a_chain_reads_oldest_first_and_bounded(self, board: Board) -> None:
        teller = await subscribed(board, "raw_data.teller", "market:*")
        (pulse, _) = await pulses(board, 2)
        delivery, _ = await claim(board, teller)
        await board.complete([settled(delivery, a_note("1"), a_note("2"))])

        chain = await board.chain(pulse)
        assert [strand.kind for strand in chain] == ["t_pulse", "t_note", "t_note"]
        assert [strand.body for strand in chain[1:]] == [Note(text="1"), Note(text="2")]
        assert [strand.id for strand in await board.chain(pulse, limit=1)] == [pulse]
        assert [strand.id for strand in await board.parents(chain[1].id)] == [pulse]
        assert [strand.id for strand in await board.children(pulse)] == [chain[1].id, chain[2].id]
        assert len(await board.children(pulse, limit=1)) == 1

    async def test_the_latest_of_a_kind_may_be_of_one_symbol(self, board: Board) -> None:
        for n, symbol in enumerate(("BTC", "ETH", "BTC", None)):
            await board.post([a_pulse(n, symbol=symbol)], from_feed(n))

        assert [s.symbol for s in await board.latest("t_pulse", limit=2)] == [None, "BTC"]
        (bitcoin,) = await board.latest("t_pulse", symbol="BTC")
        assert bitcoin.seq == max(s.seq for s in await board.latest("t_pulse", symbol="BTC", limit=9))
        assert list(await board.latest("t_plan")) == []

    async def test_pages_follow_each_other_newest_first_without_a_gap(self, board: Board) -> None:
        posted = await pulses(board, 3)
        posted += await board.post([a_note(str(n)) for n in range(4)], from_feed(9))

        found, place = [], None
        while True:
            page = await board.find(Search(), after=place, limit=2)
            found += [strand.id for strand in page.strands]
            place = page.next
            if place is None:
                break
        assert found == posted[::-1]

    async def test_a_search_narrows_by_everything_it_names(self, board: Board) -> None:
        await pulses(board, 2)
        note = a_note(symbol="BTC", tags=("raw_data:note:loud",))
        (wanted,) = await board.post([note], Cause(module="raw_data.x", at=NOON, key="x"))
        long_ago = datetime.now(UTC) - timedelta(days=1)
        soon = datetime.now(UTC) + timedelta(days=1)

        for search in (
            Search(tag="raw_data:note:*"),
            Search(tag="raw_data:note:loud"),
            Search(kind="t_note"),
            Search(module="raw_data.x"),
            Search(symbol="BTC"),
            Search(kind="t_note", since=long_ago, until=soon, tag="raw_data:*"),
        ):
            assert [strand.id for strand in (await board.find(search)).strands] == [wanted]
        assert (await board.find(Search(until=long_ago))).strands == ()
        assert (await board.find(Search(kind="t_note", tag="market:*"))).strands == ()
        assert len((await board.find(Search(tag="*"))).strands) == 3


class Keeping:
    """By hand."""

    async def test_queues_tell_what_each_consumer_waits_for(self, board: Board) -> None:
        reader = await subscribed(board, order="free")
        posted = await pulses(board, 5)
        first, second, third = await claim(board, reader, 3)
        await board.fail(second, "no luck", again_in_s=LONG_S)
        await board.fail(third, "hopeless", again_in_s=None)

        (queue,) = await board.queues()
        assert (queue.waiting, queue.leased, queue.backing_off) == (2, 1, 1)
        assert (queue.expired, queue.dead, queue.oldest_seq) == (0, 1, first.seq)
        assert len(posted) == 5

    async def test_pruning_leaves_tombstones_and_what_somebody_waits_for(self, board: Board) -> None:
        (old,) = await board.post([a_plan()], from_feed())
        reader = await subscribed(board, order="free")
        await pulses(board, 2, start=1)
        (dead,) = await claim(board, reader, 1)
        await board.fail(dead, "hopeless", again_in_s=None)

        assert await board.prune(datetime.now(UTC) + timedelta(days=1)) == 1

        assert await board.get(old) is None
        counts = await board.counts()
        assert (counts["strands"], counts["tombstones"], counts["dead_letters"]) == (2, 1, 1)
        assert await board.post([a_plan()], from_feed()) == ()
        (note,) = await board.post([a_note(parents=(old,))], person("people.me", NOON))
        strand = await board.get(note)
        assert strand is not None
        assert (strand.lifecycle, strand.hop) == (old, 1)
        assert await board.parents(note) == ()

    async def test_pruning_goes_in_chunks_oldest_first(self, board: Board) -> None:
        posted = await pulses(board, 3)
        later = datetime.now(UTC) + timedelta(days=1)

        assert await board.prune(later, limit=2) == 2
        assert [strand.id for strand in await everything(board)] == posted[2:]
        assert await board.prune(later - timedelta(days=2)) == 0


class BoardContract(Posting, Routing, Delivering, Ordering, Reading, Keeping):
    """All of it."""
