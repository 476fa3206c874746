"""Each failure of HTTP becomes the error that says what to do next."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from strandloom.hyperliquid.budget import WeightBudget
from strandloom.hyperliquid.errors import (
    MalformedAnswer,
    MalformedRequest,
    OutcomeUnknown,
    RateLimited,
    VenueDown,
    VenueRefused,
)
from strandloom.hyperliquid.rest import Rest
from tests.unit.hyperliquid.wall import SleptClock

SIGNED = {"action": {"type": "noop"}, "nonce": 1, "signature": {}}


def a_rest(answer: Callable[[httpx.Request], httpx.Response], clock: SleptClock | None = None) -> Rest:
    budget = WeightBudget(clock or SleptClock())
    return Rest("http://127.0.0.1:9", budget, transport=httpx.MockTransport(answer))


def answering(status: int, body: Any) -> Callable[[httpx.Request], httpx.Response]:
    return lambda _: httpx.Response(status, json=body)


def failing(error: type[httpx.TransportError]) -> Callable[[httpx.Request], httpx.Response]:
    def fail(_: httpx.Request) -> httpx.Response:
        raise error("made to fail")

    return fail


async def test_a_question_carries_its_type_and_fields() -> None:
    asked: list[Any] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append((request.url.path, json.loads(request.content)))
        return httpx.Response(200, json={"BTC": "1.0"})

    async with a_rest(answer) as rest:
        assert await rest.info("allMids", dex="") == {"BTC": "1.0"}
    assert asked == [("/info", {"type": "allMids", "dex": ""})]


@pytest.mark.parametrize(
    ("status", "error"),
    [(400, MalformedRequest), (415, MalformedRequest), (422, MalformedRequest), (429, RateLimited)],
)
async def test_statuses_mean_the_same_for_questions_and_actions(status: int, error: type[Exception]) -> None:
    async with a_rest(answering(status, None)) as rest:
        with pytest.raises(error):
            await rest.info("meta")
        with pytest.raises(error):
            await rest.exchange(SIGNED)


@pytest.mark.parametrize("failure", [answering(502, None), failing(httpx.ReadTimeout)])
async def test_an_unanswered_question_may_be_repeated_but_an_unanswered_action_may_not(failure: Any) -> None:
    async with a_rest(failure) as rest:
        with pytest.raises(VenueDown):
            await rest.info("meta")
        with pytest.raises(OutcomeUnknown):
            await rest.exchange(SIGNED)


async def test_an_action_that_never_left_may_be_tried_again() -> None:
    async with a_rest(failing(httpx.ConnectError)) as rest:
        with pytest.raises(VenueDown, match="never sent"):
            await rest.exchange(SIGNED)


async def test_a_429_closes_the_budget_for_everyone() -> None:
    clock = SleptClock()
    answers = iter([httpx.Response(429, json=None), httpx.Response(200, json=[])])
    async with a_rest(lambda _: next(answers), clock) as rest:
        with pytest.raises(RateLimited):
            await rest.info("meta")
        assert await rest.info("meta") == []
    assert clock.slept == [10.0]


async def test_rows_of_an_answer_are_charged() -> None:
    clock = SleptClock()
    budget = WeightBudget(clock)
    transport = httpx.MockTransport(answering(200, [{}] * 2000))
    async with Rest("http://127.0.0.1:9", budget, transport=transport) as rest:
        await rest.info("userFills", user="0x0")
    assert budget.used == 20 + 100


async def test_a_refusal_keeps_the_venues_words() -> None:
    async with a_rest(answering(200, {"status": "err", "response": "Trading is halted."})) as rest:
        with pytest.raises(VenueRefused, match="Trading is halted"):
            await rest.exchange(SIGNED)


async def test_a_starved_account_is_told_to_wait() -> None:
    reason = "Too many cumulative requests sent (10001 > 10000) for cumulative volume traded $0."
    async with a_rest(answering(200, {"status": "err", "response": reason})) as rest:
        with pytest.raises(RateLimited):
            await rest.exchange(SIGNED)


async def test_an_accepted_action_gives_its_response() -> None:
    async with a_rest(answering(200, {"status": "ok", "response": {"type": "default"}})) as rest:
        assert await rest.exchange(SIGNED) == {"type": "default"}


async def test_an_answer_that_is_no_json_is_named() -> None:
    async with a_rest(lambda _: httpx.Response(200, text="<html>")) as rest:
        with pytest.raises(MalformedAnswer, match="not JSON"):
            await rest.info("meta")
