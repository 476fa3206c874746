"""Who keeps sends gives each nonce once, and each client order id to one sender until that send is dead."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from strandloom.basics.ids import unix_ms
from strandloom.store.database import Database
from strandloom.venues.hyperliquid.sends import MemorySends, Sends, StoredSends
from tests.unit.venues.orders import cloid

WALL = datetime(2026, 3, 2, 12, tzinfo=UTC)
LIFE = timedelta(seconds=15)
SendsOf = Callable[[str, str], Sends]  # account, signer


@pytest.fixture(params=["memory", "stored"])
def sends_of(request: pytest.FixtureRequest) -> SendsOf:
    if request.param == "memory":
        shared: dict[str, Any] = {}
        return lambda account, signer: MemorySends(account, signer, shared)
    database: Database = request.getfixturevalue("database")
    return lambda account, signer: StoredSends(database, "testnet", account, signer)


async def test_nonces_follow_the_clock_and_never_repeat_even_when_it_stands_or_steps_back(
    sends_of: SendsOf,
) -> None:
    one, two = sends_of("0xa", "0xkey"), sends_of("0xb", "0xkey")
    first = await one.nonce(WALL)
    assert first == unix_ms(WALL)
    assert await two.nonce(WALL) == first + 1
    assert await one.nonce(WALL - timedelta(hours=1)) == first + 2
    assert await one.nonce(WALL + LIFE) == unix_ms(WALL + LIFE)
    assert await sends_of("0xa", "0xother").nonce(WALL) == first


async def test_of_many_who_want_to_send_an_order_one_may(sends_of: SendsOf) -> None:
    senders = [sends_of(f"0x{n}", f"0xkey{n}") for n in range(8)]
    claims = await asyncio.gather(*(sender.claim(cloid(1), "order", WALL, LIFE) for sender in senders))
    (winner,) = [claim for claim in claims if claim.fresh]
    assert {(claim.signer, claim.nonce) for claim in claims} == {(winner.signer, winner.nonce)}
    assert winner.outcome is None
    assert winner.expires_at == WALL + LIFE


async def test_what_can_never_act_may_be_sent_again_and_nothing_else(sends_of: SendsOf) -> None:
    sends = sends_of("0xa", "0xkey")
    first = await sends.claim(cloid(1), "order", WALL, LIFE)
    await sends.settle(first, "never", "lost", WALL)
    second = await sends.claim(cloid(1), "order", WALL, LIFE)
    assert second.fresh and second.nonce > first.nonce
    await sends.settle(second, "arrived", "", WALL)
    third = await sends.claim(cloid(1), "order", WALL, LIFE)
    assert (third.fresh, third.nonce, third.outcome) == (False, second.nonce, "arrived")
    assert [send.nonce for send in await sends.of(cloid(1))] == [second.nonce, first.nonce]


async def test_the_first_word_stays_but_what_arrived_may_turn_out_refused(sends_of: SendsOf) -> None:
    sends = sends_of("0xa", "0xkey")
    send = await sends.claim(cloid(1), "order", WALL, LIFE)
    await sends.settle(send, "arrived", "", WALL)
    await sends.settle(send, "never", "cannot be", WALL)
    await sends.settle(send, "refused", "no margin", WALL)
    (now,) = await sends.of(cloid(1))
    assert (now.outcome, now.why) == ("refused", "no margin")


async def test_changes_of_an_order_are_as_many_as_are_wanted(sends_of: SendsOf) -> None:
    sends = sends_of("0xa", "0xkey")
    order = await sends.claim(cloid(1), "order", WALL, LIFE)
    changes = [await sends.claim(cloid(1), "modify", WALL, LIFE) for _ in range(2)]
    assert all(change.fresh for change in changes)
    assert len({send.nonce for send in (order, *changes)}) == 3


async def test_what_is_in_doubt_is_known_per_account(sends_of: SendsOf) -> None:
    mine, other = sends_of("0xa", "0xkey"), sends_of("0xb", "0xkey2")
    send = await mine.claim(cloid(1), "order", WALL, LIFE)
    await other.claim(cloid(2), "order", WALL, LIFE)
    assert await mine.doubtful() == {cloid(1): WALL}
    await mine.settle(send, "arrived", "", WALL)
    assert await mine.doubtful() == {}
    assert await other.doubtful() == {cloid(2): WALL}


async def test_a_child_shares_the_fate_of_the_send_that_it_went_with(sends_of: SendsOf) -> None:
    sends, other = sends_of("0xa", "0xkey"), sends_of("0xb", "0xkey2")
    lost = await sends.claim(cloid(1), "order", WALL, LIFE, cloid(2))
    assert lost.child == cloid(2)
    assert await sends.doubtful() == {cloid(1): WALL, cloid(2): WALL}
    assert [send.nonce for send in await sends.of(cloid(2))] == [lost.nonce]
    assert list(await other.of(cloid(2))) == []
    await sends.settle(lost, "never", "lost", WALL)
    assert await sends.doubtful() == {}
    anew = await sends.claim(cloid(1), "order", WALL, LIFE, cloid(2))
    assert (anew.fresh, anew.child) == (True, cloid(2))
    assert [send.outcome for send in await sends.of(cloid(2))] == [None, "never"]
    assert (await sends.claim(cloid(1), "order", WALL, LIFE, cloid(2))).fresh is False
