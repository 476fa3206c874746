"""What the upkeep asks of the venue's allowance, counted on the wire; and that it sees what it saw before."""

import json
from decimal import Decimal

import httpx
import pytest

from strandloom.hyperliquid.weights import info_weight
from strandloom.kinds.attention import Attention
from tests.acceptance.faults.floor import LOOK_S, LOT, Floor, a_floor

D = Decimal


class Scales(httpx.AsyncHTTPTransport):
    """Weighs every question that goes by."""

    def __init__(self) -> None:
        super().__init__()
        self.kinds: list[str] = []

    @property
    def weight(self) -> int:
        return sum(map(info_weight, self.kinds))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/info":
            self.kinds.append(json.loads(request.content)["type"])
        return await super().handle_async_request(request)


async def guarded(floor: Floor) -> None:
    await floor.decide()
    await floor.minute()
    assert (floor.position(), floor.guarded()) == (LOT, LOT)


async def a_minute_of_looks(floor: Floor, scales: Scales) -> int:
    before = scales.weight
    for _ in range(60 // LOOK_S):
        await floor.pass_s(LOOK_S)
    return scales.weight - before


async def test_a_position_with_its_guards_costs_a_tenth_of_the_allowance() -> None:
    scales = Scales()
    async with a_floor(transport=scales) as floor:
        await guarded(floor)
        spent = await a_minute_of_looks(floor, scales)
        assert spent <= 1_100 // 10
        whats = [s.body.what for s in await floor.network.said("attention") if isinstance(s.body, Attention)]
        assert set(whats) <= {("the service has started",)}


@pytest.mark.parametrize("looks_before", [0, 1, 5])
async def test_a_stop_that_has_gone_is_seen_by_the_second_look(looks_before: int) -> None:
    async with a_floor() as floor:
        await guarded(floor)
        for _ in range(looks_before):
            await floor.pass_s(LOOK_S)
        floor.world.admin("cancel_all", user=floor.user)
        for _ in range(2):
            await floor.pass_s(LOOK_S)
        assert floor.guarded() == LOT
        assert floor.longest_naked_s <= 2 * LOOK_S


async def test_everything_that_rests_is_looked_at_once_a_minute() -> None:
    scales = Scales()
    async with a_floor(transport=scales) as floor:
        await guarded(floor)
        scales.kinds.clear()
        for _ in range(3):
            await a_minute_of_looks(floor, scales)
        assert scales.kinds.count("frontendOpenOrders") == 3
        assert scales.kinds.count("clearinghouseState") == 3 * 60 / LOOK_S
