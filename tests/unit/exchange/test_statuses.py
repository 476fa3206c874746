"""Every status that an order can take on, each reached by a small story."""

from collections.abc import Callable

import pytest

from strandloom.exchange import caps, words
from strandloom.exchange import commands as c
from strandloom.exchange.asset import MICRO
from strandloom.exchange.order import STATUSES
from strandloom.exchange.rules import Rules
from tests.unit.exchange.floor import ANN, Floor, quiet_floor

Story = Callable[[], tuple[Floor, str]]
STORIES: dict[str, Story] = {}


def story(status: str, says: str = "") -> Callable[[Callable[[], Floor]], Callable[[], Floor]]:
    """The last event of an order must have this status; where it is refused, in these words."""

    def keep(tell: Callable[[], Floor]) -> Callable[[], Floor]:
        STORIES[status] = lambda: (tell(), says)
        return tell

    return keep


@pytest.mark.parametrize("status", STORIES)
def test_the_story_leads_to_the_status(status: str):
    floor, says = STORIES[status]()
    assert status in [told for _, told in floor.told()]
    if says:
        statuses = floor.last.reply.statuses  # type: ignore[union-attr]
        assert f"{says} asset=0" in [getattr(one, "error", "") for one in statuses]


def test_there_is_a_story_for_every_status():
    assert set(STORIES) == set(STATUSES)


@story("open")
def _() -> Floor:
    floor = quiet_floor()
    floor.rest(floor.ask("buy", 99, 1))
    return floor


@story("filled")
def _() -> Floor:
    floor = quiet_floor()
    floor.one(floor.ask("buy", 101, 1))
    return floor


@story("canceled")
def _() -> Floor:
    floor = quiet_floor()
    oid = floor.rest(floor.ask("buy", 99, 1))
    floor.do(c.Cancel(floor.at, ANN, ((0, oid),)))
    return floor


@story("triggered")
def _() -> Floor:
    floor = quiet_floor()
    floor.one(floor.stop("buy", 101, 1, ro=False))
    floor.bar(100, 102, 100, 102)
    return floor


@story("rejected", words.HALTED)
def _() -> Floor:
    floor = quiet_floor()
    floor.do(c.HaltTrading(floor.at, True))
    floor.error(floor.ask("buy", 99, 1))
    return floor


@story("marginCanceled")
def _() -> Floor:
    """The money is gone by the time the market comes to the order."""
    floor = quiet_floor(cash=100)
    floor.rest(floor.ask("buy", 99, 15))
    floor.rest(floor.ask("buy", "98.9", 15))
    floor.bar(100, 100, 98, 98)
    return floor


@story("openInterestCapCanceled")
def _() -> Floor:
    floor = quiet_floor()
    floor.rest(floor.ask("buy", 99, 1))
    floor.do(c.SetCaps(floor.at, 0, open_interest=0))
    floor.bar(100, 100, 98, 98)
    return floor


@story("selfTradeCanceled")
def _() -> Floor:
    floor = quiet_floor()
    floor.rest(floor.ask("buy", "100", 1))  # inside the spread
    floor.one(floor.ask("sell", "99.9", 1))
    return floor


@story("reduceOnlyCanceled")
def _() -> Floor:
    floor = quiet_floor()
    floor.one(floor.ask("buy", 101, 1))
    floor.rest(floor.ask("sell", 105, 1, ro=True))
    floor.one(floor.ask("sell", 99, 1))
    return floor


@story("siblingFilledCanceled")
def _() -> Floor:
    floor = quiet_floor()
    floor.one(floor.ask("buy", 101, 1))
    floor.place(floor.stop("sell", 95, 0), floor.target("sell", 105, 0), grouping="positionTpsl")
    floor.bar(100, 106, 100, 106)
    return floor


@story("delistedCanceled")
def _() -> Floor:
    floor = quiet_floor()
    floor.rest(floor.ask("buy", 99, 1))
    floor.do(c.Delist(floor.at, 0))
    return floor


@story("liquidatedCanceled")
def _() -> Floor:
    floor = quiet_floor(cash=100)
    floor.one(floor.ask("buy", 101, 15))
    floor.rest(floor.ask("sell", 150, 15))
    floor.bar(100, 100, 90, 90)
    return floor


@story("scheduledCancel")
def _() -> Floor:
    floor = quiet_floor(rules=Rules(schedule_volume_usd=0))
    floor.rest(floor.ask("buy", 99, 1))
    floor.do(c.ScheduleCancel(floor.at, ANN, floor.at + 5_000))
    floor.do(c.Tick(floor.at + 6_000))
    return floor


@story("internalCancel")
def _() -> Floor:
    floor = quiet_floor()
    floor.rest(floor.ask("buy", 99, 1))
    floor.do(c.CancelAll(floor.at, ANN))
    return floor


@story("tickRejected", words.TICK)
def _() -> Floor:
    floor = quiet_floor()
    floor.error(floor.ask("buy", "100.001", 1))
    return floor


@story("minTradeNtlRejected", words.MIN_VALUE)
def _() -> Floor:
    floor = quiet_floor()
    floor.error(floor.ask("buy", "99.99", "0.1"))
    return floor


@story("perpMarginRejected", words.MARGIN)
def _() -> Floor:
    floor = quiet_floor(cash=100)
    floor.error(floor.ask("buy", 99, 21))
    return floor


@story("reduceOnlyRejected", words.INCREASES)
def _() -> Floor:
    floor = quiet_floor()
    floor.error(floor.ask("sell", 101, 1, ro=True))
    return floor


@story("badAloPxRejected", "Post only order would have immediately matched, bbo was 99.99@100.01.")
def _() -> Floor:
    floor = quiet_floor()
    floor.error(floor.ask("buy", "100.01", 1, "Alo"))
    return floor


@story("iocCancelRejected", words.NO_MATCH)
def _() -> Floor:
    floor = quiet_floor()
    floor.error(floor.ask("buy", 99, 1, "Ioc"))
    return floor


@story("badTriggerPxRejected", words.BAD_TRIGGER)
def _() -> Floor:
    floor = quiet_floor()
    floor.error(floor.stop("sell", 101, 1))
    return floor


@story("marketOrderNoLiquidityRejected", words.NO_LIQUIDITY)
def _() -> Floor:
    floor = Floor()
    floor.error(floor.ask("buy", 100, 1, "FrontendMarket"))
    return floor


@story("positionIncreaseAtOpenInterestCapRejected", caps.CAPPED)
def _() -> Floor:
    floor = quiet_floor()
    floor.do(c.SetCaps(floor.at, 0, open_interest=0))
    floor.error(floor.ask("buy", 99, 1))
    return floor


@story("positionFlipAtOpenInterestCapRejected", caps.CAPPED)
def _() -> Floor:
    floor = quiet_floor()
    floor.one(floor.ask("buy", 101, 1))
    floor.do(c.SetCaps(floor.at, 0, open_interest=1))
    floor.error(floor.ask("sell", 101, 3))
    return floor


@story("tooAggressiveAtOpenInterestCapRejected", caps.AGGRESSIVE)
def _() -> Floor:
    floor = quiet_floor()
    floor.do(c.SetCaps(floor.at, 0, open_interest=0))
    floor.error(floor.ask("buy", 101, 1))
    return floor


@story("openInterestIncreaseRejected", caps.TOO_QUICK)
def _() -> Floor:
    floor = quiet_floor()
    floor.do(c.SetCaps(floor.at, 0, growth=50))
    floor.error(floor.ask("buy", 99, 1))
    return floor


@story("oracleRejected", words.ORACLE)
def _() -> Floor:
    floor = quiet_floor()
    floor.error(floor.ask("buy", 151, 1))
    return floor


@story("perpMaxPositionRejected", words.BEYOND_TIER)
def _() -> Floor:
    floor = quiet_floor(tiers=((0, 20), (1_000 * MICRO, 5)))
    floor.error(floor.ask("buy", 99, 11))
    return floor


@story("tooManyOpenOrdersRejected", words.TOO_MANY)
def _() -> Floor:
    floor = quiet_floor(rules=Rules(max_open_orders=1))
    floor.rest(floor.ask("buy", 99, 1))
    floor.error(floor.ask("buy", 98, 1))
    return floor
