"""Talks with a model until it has a usable answer, or knows why not; every try is paid and written down."""

import asyncio
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, TypeVar

from strandloom.basics.clock import Clock
from strandloom.llm.calls import Call, Calls
from strandloom.llm.faults import NoAnswer, Unfit, WireFault
from strandloom.llm.hearing import Heard
from strandloom.llm.port import Ask
from strandloom.llm.prices import Price, most_tokens, price
from strandloom.llm.prompts import Message, Request
from strandloom.llm.rest import Rest
from strandloom.llm.shapes import Shape
from strandloom.llm.wire import RUNGS, Wire

T = TypeVar("T")
TRIES = 2  # the second one carries what was wrong with the first
LONGEST_REPAIRED = 4_000


class Talker:
    """Remembers which forms of reply the endpoint knows, and lets it rest when it fails."""

    def __init__(self, wire: Wire, calls: Calls, own_price: Price | None, clock: Clock) -> None:
        self._wire = wire
        self._calls = calls
        self._own_price = own_price
        self._clock = clock
        self._rungs: dict[str, int] = {}
        self._rest = Rest()

    async def answer(self, ask: Ask, asked: Request, shape: Shape[T], patience_s: float) -> T:
        """What the shape reads from the model's reply; raises NoAnswer."""
        deadline = _now() + patience_s
        messages: tuple[Message, ...] = asked.messages
        wrong = ""
        for attempt in range(1, TRIES + 1):
            call, reply = await self._said(ask, asked, messages, shape, attempt, deadline)
            content = ""
            try:
                content = reply.content()
                found = shape.read(content)
            except Unfit as unfit:
                wrong = str(unfit)
                await self._calls.judge(call, "quarantined", wrong, content or None)
                messages = (*asked.messages, *_repair(content, wrong))
                continue
            await self._calls.judge(call, "answered")
            await self._calls.keep(asked, ask, self._wire.endpoint.model, content)
            return found
        raise NoAnswer(f"quarantined: {wrong}")

    async def _said(
        self,
        ask: Ask,
        asked: Request,
        messages: Sequence[Message],
        shape: Shape[Any],
        attempt: int,
        deadline: float,
    ) -> tuple[Call, Heard]:
        """What the endpoint says in the firmest form that it knows."""
        while True:
            rung = self._rungs.get(shape.name, 0)
            most = await self._most(ask, asked, messages, shape)
            endpoint = self._wire.endpoint
            call = await self._calls.reserve(ask, endpoint.model, asked, RUNGS[rung], attempt, most)
            try:
                return call, await self._heard(call, messages, shape, rung, deadline)
            except WireFault as fault:
                if not fault.shape or rung + 1 >= len(RUNGS):
                    raise NoAnswer(fault.reason) from fault
                self._rungs[shape.name] = rung + 1

    async def _heard(
        self, call: Call, messages: Sequence[Message], shape: Shape[Any], rung: int, deadline: float
    ) -> Heard:
        """One try, settled whatever comes of it."""
        began = _now()
        try:
            reply = await self._wire.call(messages, shape, RUNGS[rung], max(deadline - began, 0.0))
        except WireFault as fault:
            cost = Decimal(0) if fault.free else call.reserved_usd
            await self._calls.settle(call, None, cost, _since_ms(began))
            await self._calls.judge(call, "failed", fault.reason)
            if fault.passing:
                self._rest.failed(self._clock.wall())
            raise
        await self._calls.settle(call, reply.tokens, self._cost_usd(call, reply), _since_ms(began))
        self._rest.answered()
        return reply

    async def _most(
        self, ask: Ask, asked: Request, messages: Sequence[Message], shape: Shape[Any]
    ) -> Decimal:
        """The most that a try can cost; nobody is asked at an unknown price, nor one who keeps failing."""
        endpoint, known = self._wire.endpoint, self._price()
        reason = ""
        if self._rest.resting(self._clock.wall()):
            reason = "the model rests after it failed several times"
        elif known is None:
            reason = f"no price is known for {endpoint.model} at {endpoint.host}"
        if known is None or reason:
            await self._calls.decline(ask, endpoint.model, asked, reason)
            raise NoAnswer(reason)
        beside = {"content": str(shape.schema)}  # goes with the messages and is billed with them
        return known.cost_usd(most_tokens((*messages, beside)), endpoint.most_output_tokens)

    def _price(self) -> Price | None:
        endpoint = self._wire.endpoint
        return self._own_price or price(endpoint.host, endpoint.model, self._clock.wall().date())

    def _cost_usd(self, call: Call, reply: Heard) -> Decimal:
        """By what was used; who does not say what was used is taken to have used it all."""
        known = self._price()
        return known.cost_usd(*reply.tokens) if known and reply.tokens else call.reserved_usd


def _repair(content: str, wrong: str) -> tuple[Message, ...]:
    """The second try hears what was wrong with the first."""
    again = {
        "role": "user",
        "content": f"That cannot be used: {wrong}. Answer again with the JSON object alone.",
    }
    said = {"role": "assistant", "content": content[:LONGEST_REPAIRED]}
    return (said, again) if content else (again,)


def _now() -> float:
    return asyncio.get_running_loop().time()


def _since_ms(began: float) -> int:
    return round((_now() - began) * 1_000)
