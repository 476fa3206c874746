"""A halt and an order to flatten at the exchange over HTTP, with orders that somebody placed by hand."""

from decimal import Decimal

from strandloom.blackboard.strand import Draft
from strandloom.exchange.asset import e8
from strandloom.exchange.commands import Trigger
from strandloom.kinds.attention import Flatten
from strandloom.kinds.decision import HaltOrder
from strandloom.kinds.sweep import Sweep
from tests.acceptance.faults.floor import LOT, Floor, a_floor
from tests.contract.venue_stages import by_hand

D = Decimal
FLATTEN = Draft(body=Flatten(reason="enough"), tags=("trader:flatten",))
HALT = Draft(body=HaltOrder(reason="news"), tags=("dm:halt", "trader:halt"))


async def swept(floor: Floor) -> Sweep:
    (strand,) = await floor.network.said("sweep")
    assert isinstance(strand.body, Sweep)
    return strand.body


def held(floor: Floor) -> dict[str, Decimal]:
    account = floor.world.do(lambda: floor.world.exchange.account(floor.user))
    return {position.coin: position.szi for position in account.positions}


async def test_to_flatten_takes_back_and_closes_what_anybody_began() -> None:
    async with a_floor() as floor:
        await floor.decide()
        await floor.minute()
        by_hand(floor.world, 1, 90_000)
        by_hand(floor.world, 1, 110_000, trigger=Trigger(e8(D(110_000)), True, "sl"))  # would open a position
        by_hand(floor.world, 1, 4_100, asset=1, tif="Ioc", sz=e8(D(1)))
        by_hand(floor.world, 1, 3_900, asset=1, is_buy=False, reduce_only=True, sz=e8(D(1)),
                trigger=Trigger(e8(D(3_900)), True, "sl"))  # fmt: skip
        assert held(floor) == {"BTC": LOT, "ETH": D(1)}
        await floor.network.tell(FLATTEN)
        await floor.minute()
        told = await swept(floor)
        assert {(o.symbol, o.price, o.ours, o.became) for o in told.orders} == {
            ("BTC", D(90_000), False, "cancelled"),
            ("BTC", D(110_000), False, "cancelled"),
            ("BTC", D(98_000), True, "kept"),
            ("BTC", D(104_000), True, "kept"),
            ("ETH", D(3_900), False, "kept"),
        }
        assert {(c.symbol, c.quantity, c.ours) for c in told.closing} == {
            ("BTC", LOT, True),
            ("ETH", D(1), False),
        }
        assert (held(floor), floor.resting()) == ({}, [])
        assert (await floor.reconciled()).agrees


async def test_a_halt_takes_back_what_could_open_a_position_and_leaves_what_guards_one() -> None:
    async with a_floor() as floor:
        await floor.decide()
        await floor.minute()
        by_hand(floor.world, 1, 90_000)
        by_hand(floor.world, 1, 3_900, asset=1)
        await floor.network.tell(HALT)
        assert {(o.symbol, o.became) for o in (await swept(floor)).orders if not o.ours} == {
            ("BTC", "cancelled"),
            ("ETH", "cancelled"),
        }
        assert sorted(order.reduce_only for order in floor.resting()) == [True, True]
        assert held(floor) == {"BTC": LOT}


async def test_an_order_that_the_venue_keeps_is_named_and_goes_the_next_time() -> None:
    async with a_floor() as floor:
        by_hand(floor.world, 1, 90_000)
        floor.breaks("refuse")
        await floor.network.tell(HALT)
        assert [order.became for order in (await swept(floor)).orders] == ["not cancelled"]
        floor.heals()
        await floor.network.tell(FLATTEN)
        assert floor.resting() == []


async def test_a_halt_that_finds_nothing_says_nothing() -> None:
    async with a_floor() as floor:
        await floor.decide()
        await floor.minute()
        await floor.network.tell(HALT)
        assert await floor.network.said("sweep") == []
