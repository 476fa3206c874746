"""The WebSocket client survives what the venue's servers and the network do to it."""

import asyncio
import json
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection

from strandloom.hyperliquid.errors import (
    OutcomeUnknown,
    RateLimited,
    SubscriptionRefused,
    VenueDown,
    VenueRefused,
)
from strandloom.hyperliquid.socket import Event, Lost, Message, Opened, Socket
from tests.unit.hyperliquid.scripted import heard, idle, playing, say

MIDS = {"type": "allMids"}
BBO = {"type": "bbo", "coin": "BTC"}


async def first(socket: Socket, n: int) -> list[Event]:
    events: list[Event] = []
    async for event in socket.events():
        events.append(event)
        if len(events) == n:
            break
    return events


async def test_a_cut_connection_is_made_again_and_every_subscription_renewed() -> None:
    asked: list[Any] = []

    async def cut(peer: ServerConnection) -> None:
        asked.append([await heard(peer), await heard(peer)])
        await say(peer, "allMids", {"mids": {"BTC": "1.0"}})
        await peer.close(1012)

    async def stay(peer: ServerConnection) -> None:
        asked.append([await heard(peer), await heard(peer)])
        await say(peer, "bbo", {"coin": "BTC"})
        await idle(peer)

    async with playing(cut, stay) as socket:
        await socket.subscribe(MIDS)
        await socket.subscribe(BBO)
        events = await first(socket, 5)
    opened, mids, lost, reopened, bbo = events
    assert [opened, reopened] == [Opened(again=False), Opened(again=True)]
    assert [mids, bbo] == [
        Message(channel="allMids", data={"mids": {"BTC": "1.0"}}),
        Message(channel="bbo", data={"coin": "BTC"}),
    ]
    assert isinstance(lost, Lost)
    assert asked[0] == asked[1] == [{"method": "subscribe", "subscription": s} for s in (MIDS, BBO)]


async def test_a_half_open_connection_is_given_up_after_the_deadline() -> None:
    async with playing(idle, idle, silence_s=0.05, ping_every_s=10) as socket:
        events = await first(socket, 3)
    assert events == [Opened(again=False), Lost(reason="silent for 0.05 s"), Opened(again=True)]


async def test_pings_keep_a_quiet_connection() -> None:
    pings = asyncio.Event()

    async def pong(peer: ServerConnection) -> None:
        for _ in range(3):
            assert await heard(peer) == {"method": "ping"}
            await peer.send(json.dumps({"channel": "pong"}))
        pings.set()
        await idle(peer)

    async with playing(pong, ping_every_s=0.01) as socket:
        await pings.wait()
        assert socket.is_open


async def test_a_refused_connection_is_tried_again_with_growing_pauses() -> None:
    async with playing(silence_s=1) as socket:  # no scene: the server drops each connection
        events = [e for e in await first(socket, 8) if isinstance(e, Lost)]
    assert len(events) >= 3


async def test_an_error_frame_is_raised_and_reading_goes_on() -> None:
    async def refuse(peer: ServerConnection) -> None:
        await heard(peer)
        await say(peer, "error", "Invalid subscription {}")
        await say(peer, "allMids", {"mids": {}})
        await idle(peer)

    async with playing(refuse) as socket:
        await socket.subscribe(BBO)
        with pytest.raises(SubscriptionRefused, match="Invalid subscription"):
            await first(socket, 3)
        assert await first(socket, 1) == [Message(channel="allMids", data={"mids": {}})]


async def test_subscribing_twice_asks_once() -> None:
    frames: list[Any] = []

    async def note(peer: ServerConnection) -> None:
        frames.extend([await heard(peer), await heard(peer)])
        await say(peer, "seen", {})
        await idle(peer)

    async with playing(note) as socket:
        await first(socket, 1)
        await socket.subscribe(MIDS)
        await socket.subscribe(dict(MIDS))
        await socket.unsubscribe(MIDS)
        await first(socket, 1)
    assert frames == [{"method": m, "subscription": MIDS} for m in ("subscribe", "unsubscribe")]


async def answer_posts(peer: ServerConnection, *responses: Any) -> None:
    for response in responses:
        frame = await heard(peer)
        await say(peer, "post", {"id": frame["id"], "response": response})
    await idle(peer)


async def test_posts_are_answered_by_number_in_any_order() -> None:
    async def swap(peer: ServerConnection) -> None:
        one, two = await heard(peer), await heard(peer)
        for frame in (two, one):
            payload = {"type": frame["request"]["payload"]["type"], "data": frame["id"]}
            await say(peer, "post", {"id": frame["id"], "response": {"type": "info", "payload": payload}})
        await idle(peer)

    async with playing(swap) as socket:
        await first(socket, 1)
        answers = await asyncio.gather(socket.posts.info({"type": "a"}), socket.posts.info({"type": "b"}))
    assert answers == [1, 2]


async def test_post_errors_are_named_by_what_follows() -> None:
    async def refuse(peer: ServerConnection) -> None:
        await answer_posts(
            peer,
            {"type": "error", "payload": "429 Too Many Requests"},
            {"type": "error", "payload": "Cannot parse action"},
        )

    async with playing(refuse) as socket:
        await first(socket, 1)
        with pytest.raises(RateLimited):
            await socket.posts.action({})
        with pytest.raises(VenueRefused, match="Cannot parse"):
            await socket.posts.action({})


async def test_an_action_in_flight_when_the_connection_dies_is_unknown() -> None:
    async def die(peer: ServerConnection) -> None:
        await heard(peer)
        await peer.close(1011)

    async def after(peer: ServerConnection) -> None:
        await idle(peer)

    async with playing(die, after) as socket:
        await first(socket, 1)
        with pytest.raises(OutcomeUnknown, match="connection was lost"):
            await socket.posts.action({})


async def test_an_unanswered_action_is_unknown_and_an_unanswered_question_repeatable() -> None:
    async with playing(idle) as socket:
        await first(socket, 1)
        with pytest.raises(OutcomeUnknown):
            await socket.posts.action({}, timeout_s=0.01)
        with pytest.raises(VenueDown):
            await socket.posts.info({}, timeout_s=0.01)


async def test_nothing_is_sent_without_a_connection() -> None:
    async with playing(silence_s=1) as socket:
        with pytest.raises(VenueDown, match="nothing was sent"):
            await socket.posts.action({})


async def test_stopping_leaves_no_task_behind() -> None:
    before = len(asyncio.all_tasks())

    async with playing(idle) as socket:
        await first(socket, 1)
    assert len(asyncio.all_tasks()) == before


async def test_a_subscription_made_while_others_are_renewed_is_not_forgotten() -> None:
    asked: list[Any] = []

    async def note(peer: ServerConnection) -> None:
        for _ in range(3):
            asked.append((await heard(peer))["subscription"])
        await say(peer, "seen", {})
        await idle(peer)

    async with playing(note) as socket:
        await socket.subscribe(MIDS)
        await socket.subscribe(BBO)
        late = {"type": "trades", "coin": "BTC"}
        while not socket.is_open:  # noqa: ASYNC110 - nothing tells the moment between open and subscribed
            await asyncio.sleep(0)
        await socket.subscribe(late)
        await first(socket, 2)
    assert sorted(asked, key=str) == sorted([MIDS, BBO, late], key=str)
