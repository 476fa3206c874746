"""Agents, nonces, scheduled cancels and open-order caps."""

from strandloom.exchange import commands as c
from strandloom.exchange import words
from strandloom.exchange.agents import NOBODY
from strandloom.exchange.asset import MICRO
from strandloom.exchange.replies import DONE, Err, Failed, Reply, Resting
from strandloom.exchange.rules import Rules
from tests.unit.exchange.floor import ANN, BOB, START, Floor, quiet_floor

DAY_MS = 86_400_000


def approve(floor: Floor, agent: str, name: str | None = None, until: int | None = None) -> Reply:
    return floor.do(c.ApproveAgent(floor.at, ANN, agent, name, until)).reply


def nonce(floor: Floor, value: int, signer: str = ANN) -> Reply:
    return floor.do(c.UseNonce(START, signer, value)).reply


def test_an_agent_signs_for_its_master_until_it_is_replaced():
    floor = Floor()
    assert approve(floor, "0xe1") == DONE
    assert floor.engine.master("0xe1") == ANN
    assert approve(floor, "0xe2") == DONE
    assert (floor.engine.master("0xe1"), floor.engine.master("0xe2")) == (None, ANN)


def test_one_unnamed_and_three_named_agents_are_allowed():
    floor = Floor()
    approve(floor, "0xe0")
    for number in (1, 2, 3):
        assert approve(floor, f"0xe{number}", f"bot {number}") == DONE
    assert approve(floor, "0xe4", "bot 4") == Err(words.AGENT_COUNT)
    assert approve(floor, "0xe5", "bot 3") == DONE  # the same name replaces
    assert len(floor.engine.agents(ANN)) == 4


def test_the_zero_address_revokes_the_agent_of_that_name():
    floor = Floor()
    approve(floor, "0xe1", "bot")
    assert approve(floor, NOBODY, "bot") == DONE
    assert floor.engine.master("0xe1") is None
    assert floor.engine.agents(ANN) == []


def test_an_address_serves_as_agent_once_and_never_beside_an_account():
    floor = Floor()
    approve(floor, "0xe1", "bot")
    assert floor.do(c.ApproveAgent(floor.at, BOB, "0xe1", "mine")).reply == Err(words.AGENT_USED)
    assert approve(floor, BOB) == Err(words.AGENT_USED)


def test_an_agent_ends_with_its_validity_which_the_name_may_carry():
    floor = Floor()
    until = floor.at + DAY_MS
    assert approve(floor, "0xe1", f"bot valid_until {until}") == DONE
    assert floor.engine.agents(ANN) == [("0xe1", "bot", until)]
    floor.do(c.Tick(until + 1))
    assert floor.engine.master("0xe1") is None


def test_validity_has_limits_and_a_default_of_ninety_days():
    floor = Floor()
    assert approve(floor, "0xe1", "bot", floor.at + 181 * DAY_MS) == Err(words.AGENT_UNTIL)
    assert approve(floor, "0xe1", "bot", floor.at - 1) == Err(words.AGENT_UNTIL)
    assert approve(floor, "0xe1", "a" * 17) == Err(words.AGENT_NAME)
    approve(floor, "0xe1", "bot")
    assert floor.engine.agents(ANN) == [("0xe1", "bot", floor.at + 90 * DAY_MS)]


def test_a_nonce_counts_once_per_signer():
    floor = Floor()
    assert nonce(floor, START) == DONE
    assert nonce(floor, START) == Err(f"Invalid nonce: duplicate nonce {START}")
    assert nonce(floor, START, BOB) == DONE


def test_nonces_may_come_out_of_order_above_the_smallest_of_a_hundred():
    floor = Floor()
    for number in range(100, 0, -1):
        assert nonce(floor, START + number) == DONE
    assert nonce(floor, START) == Err(f"Invalid nonce: nonce too low {START} < {START + 1}")
    assert nonce(floor, START + 101) == DONE
    assert nonce(floor, START + 1) == Err(f"Invalid nonce: nonce too low {START + 1} < {START + 2}")


def test_nonces_lie_within_two_days_back_and_one_ahead():
    floor = Floor()
    low, high = START - 2 * DAY_MS, START + DAY_MS
    assert nonce(floor, low - 1) == Err(f"Invalid nonce: nonce too low {low - 1} < {low}")
    assert nonce(floor, high + 1) == Err(f"Invalid nonce: nonce too high {high + 1} > {high}")
    assert nonce(floor, low) == nonce(floor, high) == DONE


def test_a_scheduled_cancel_takes_orders_and_leaves_positions():
    floor = quiet_floor(rules=Rules(schedule_volume_usd=0))
    floor.one(floor.ask("buy", 101, 10, "Ioc"))
    oid = floor.rest(floor.ask("buy", 99, 1))
    assert floor.do(c.ScheduleCancel(floor.at, ANN, floor.at + 4_999)).reply == Err(words.SCHEDULE_SOON)
    assert floor.do(c.ScheduleCancel(floor.at, ANN, floor.at + 5_000)).reply == DONE
    floor.do(c.Tick(floor.at + 4_999))
    assert floor.status(oid) == "open"
    floor.do(c.Tick(floor.at + 5_000))
    assert floor.status(oid) == "scheduledCancel"
    assert floor.lots() == 1_000


def test_a_schedule_can_be_taken_back():
    floor = quiet_floor(rules=Rules(schedule_volume_usd=0))
    oid = floor.rest(floor.ask("buy", 99, 1))
    floor.do(c.ScheduleCancel(floor.at, ANN, floor.at + 5_000))
    floor.do(c.ScheduleCancel(floor.at, ANN, None))
    floor.do(c.Tick(floor.at + 60_000))
    assert floor.status(oid) == "open"


def test_ten_scheduled_cancels_go_off_a_day_and_the_count_starts_anew_at_midnight():
    floor = quiet_floor(rules=Rules(schedule_volume_usd=0))
    midnight = floor.at - floor.at % DAY_MS + DAY_MS
    for number in range(10):
        at = midnight + number * 10_000
        assert floor.do(c.ScheduleCancel(at, ANN, at + 5_000)).reply == DONE
    at = midnight + 200_000
    assert floor.do(c.ScheduleCancel(at, ANN, at + 5_000)).reply == Err(words.SCHEDULE_DAY.format(limit=10))
    at = midnight + DAY_MS
    assert floor.do(c.ScheduleCancel(at, ANN, at + 5_000)).reply == DONE


def test_scheduling_needs_a_million_dollars_traded():
    floor = quiet_floor()
    floor.one(floor.ask("buy", "100.01", 1, "Ioc"))
    reply = floor.do(c.ScheduleCancel(floor.at, ANN, floor.at + 5_000)).reply
    assert reply == Err(
        "Cannot set scheduled cancel time until enough volume traded. Required: $1000000. Traded: $100.01."
    )


def test_more_volume_allows_more_open_orders_but_no_more_triggers():
    floor = quiet_floor(rules=Rules(max_open_orders=2))
    floor.engine.state.accounts[ANN].volume = 5_000_000 * MICRO
    floor.rest(floor.ask("buy", 99, 1))
    floor.rest(floor.ask("buy", 98, 1))
    assert floor.error(floor.stop("buy", 105, 1, ro=False)) == f"{words.TOO_MANY} asset=0"
    assert isinstance(floor.one(floor.ask("buy", 97, 1)), Resting)
    assert floor.one(floor.ask("buy", 96, 1)) == Failed(f"{words.TOO_MANY} asset=0")
