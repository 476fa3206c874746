"""Leases on a real database: one leader per role, at once after a clean leave, and fenced by the epoch."""

import asyncio
from dataclasses import replace

import pytest

from strandloom.basics.clock import SystemClock
from strandloom.blackboard.board import ConditionFailed
from strandloom.blackboard.cause import root
from strandloom.blackboard.delivery import Subscription
from strandloom.blackboard.postgres import postgres_board
from strandloom.service.leases import Lease, Leases
from strandloom.service.me import Me
from strandloom.service.parts import Part
from strandloom.service.roles import Role, lead
from strandloom.service.timings import Timings
from strandloom.store.database import Database
from tests.builders import NOON, a_note, a_pulse, from_feed

CLOCK = SystemClock()
ROLES = ("market", "trader")


async def leases(database: Database, name: str, roles: tuple[str, ...] = ROLES, **more: object) -> Leases:
    """Those of a process of another machine: nobody can see whether it lives."""
    me = replace(Me.now(), process=name, place=name)
    found = Leases(database, CLOCK, me, roles, **more)  # type: ignore[arg-type]
    await found.present()
    return found


async def held(*everybody: Leases) -> list[list[str]]:
    """What each leads after asking in this order."""
    for each in everybody:
        await each.look()
    return [sorted(each._held) for each in everybody]


async def test_the_first_who_asks_leads_and_keeps_leading(database: Database) -> None:
    one, other = await leases(database, "one"), await leases(database, "other")
    assert await held(one, other) == [["market", "trader"], []]
    assert await held(other, one) == [[], ["market", "trader"]]


async def test_roles_are_shared_by_who_wants_them(database: Database) -> None:
    one = await leases(database, "one", ("market",))
    other = await leases(database, "other", ("trader",))
    assert await held(one, other) == [["market"], ["trader"]]


async def test_who_leaves_is_followed_at_once(database: Database) -> None:
    one, other = await leases(database, "one"), await leases(database, "other")
    await held(one, other)
    lease = await one.won("trader")
    await one.give_back()
    assert lease.lost.is_set()
    assert await held(other) == [["market", "trader"]]
    assert (await other.won("trader")).epoch == lease.epoch + 1


async def test_a_lease_that_ran_out_changes_hands_and_its_deliveries_are_free(database: Database) -> None:
    one = await leases(database, "one", lease_s=0.0)
    other = await leases(database, "other")
    board = postgres_board(database, CLOCK)
    await board.subscribe([Subscription(consumer="trader.sender", patterns=("market:*",), order="free")])
    await board.post([a_pulse(1)], from_feed(1))
    await held(one)
    lease = await one.won("trader")
    (claimed,) = await board.claim("trader.sender", 1, lease.holder)
    assert await board.claim("trader.sender", 1, "somebody") == []
    assert await held(other) == [["market", "trader"]]
    (again,) = await board.claim("trader.sender", 1, "somebody")
    assert (again.seq, again.attempts) == (claimed.seq, claimed.attempts + 1)
    await one.look()
    assert lease.lost.is_set()


async def test_a_leader_that_is_seen_to_be_dead_is_followed_before_its_lease_ends(database: Database) -> None:
    gone = Leases(database, CLOCK, replace(Me.now(), process="gone", began="1"), ROLES)
    await gone.present()
    heir = Leases(database, CLOCK, Me.now(), ROLES)
    await heir.present()
    assert await held(gone, heir) == [["market", "trader"], ["market", "trader"]]


async def test_what_a_deposed_leader_posts_changes_nothing(database: Database) -> None:
    one, other = await leases(database, "one", lease_s=0.0), await leases(database, "other")
    await held(one)
    deposed = await one.won("market")
    board = postgres_board(database, CLOCK)
    assert await board.post([a_note("we lead")], root("market.test", NOON, "1"), [deposed.guard()])
    await held(other)
    with pytest.raises(ConditionFailed):
        await board.post([a_note("we still do")], root("market.test", NOON, "2"), [deposed.guard()])
    leading = await other.won("market")
    assert await board.post([a_note("no, we")], root("market.test", NOON, "3"), [leading.guard()])


async def test_a_role_that_needs_another_waits_for_it(database: Database) -> None:
    elsewhere = await leases(database, "elsewhere", ("exchange",))
    needy = await leases(database, "needy", ("exchange", "trader"), needs={"trader": "exchange"})
    assert await held(elsewhere, needy) == [["exchange"], []]
    await elsewhere.give_back()
    assert await held(needy) == [["exchange"]]
    assert await held(needy) == [["exchange", "trader"]]


async def test_a_role_runs_while_it_is_ours_and_is_opened_anew_when_it_comes_back(database: Database) -> None:
    one, other = await leases(database, "one"), await leases(database, "other")
    told: asyncio.Queue[str] = asyncio.Queue()

    class Opened:
        def __init__(self, lease: Lease) -> None:
            self.epoch = lease.epoch

        async def __aenter__(self) -> list[Part]:
            return [Part(name="work", run=self.work)]

        async def __aexit__(self, *failed: object) -> None:
            await told.put(f"closed {self.epoch}")

        async def work(self) -> None:
            await told.put(f"works {self.epoch}")
            await asyncio.Event().wait()

    leading = asyncio.create_task(lead(Role(name="market", open=Opened), one, Timings().led))
    await held(one)
    assert await told.get() == "works 1"
    await one.give_back()
    assert await told.get() == "closed 1"
    await held(other)
    await other.give_back()
    await held(one)
    assert await told.get() == "works 3"
    leading.cancel()
    await asyncio.wait([leading])
    assert await told.get() == "closed 3"
