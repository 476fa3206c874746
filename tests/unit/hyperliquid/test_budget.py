"""The budget waits before the venue says so, and never longer than needed."""

from hypothesis import given
from hypothesis import strategies as st

from strandloom.hyperliquid.budget import WINDOW_S, WeightBudget, WeightWindow, shared_budget
from tests.unit.hyperliquid.wall import SleptClock

REQUESTS = st.lists(st.tuples(st.integers(0, 5), st.integers(1, 60)), max_size=200)


@given(REQUESTS)
def test_no_minute_ever_holds_more_than_the_allowance(requests: list[tuple[int, int]]) -> None:
    window, now, spent = WeightWindow(100), 0.0, []
    for pause_s, weight in requests:
        now += pause_s
        now += window.wait_s(now, weight)
        assert window.wait_s(now, weight) == 0
        window.spend(now, weight)
        spent.append((now, weight))
        assert sum(w for at, w in spent if at > now - WINDOW_S) <= 100


def test_a_request_heavier_than_the_allowance_goes_when_all_is_free() -> None:
    window = WeightWindow(100)
    window.spend(0.0, 1)
    assert window.wait_s(0.0, 500) == WINDOW_S
    assert window.wait_s(WINDOW_S, 500) == 0


async def test_an_exhausted_budget_sleeps_until_the_oldest_minute_is_over() -> None:
    clock = SleptClock()
    budget = WeightBudget(clock, per_minute=40, keep_for_orders=0)
    await budget.take(20)
    await budget.take(20)
    assert clock.slept == []
    await budget.take(20)
    assert clock.slept == [60.0]
    assert budget.used == 20


async def test_questions_leave_room_for_orders() -> None:
    clock = SleptClock()
    budget = WeightBudget(clock, per_minute=100, keep_for_orders=20)
    await budget.take(80)
    await budget.take(20, for_order=True)
    assert clock.slept == []
    await budget.take(2)
    assert clock.slept == [60.0]


async def test_after_a_429_everyone_waits() -> None:
    clock = SleptClock()
    budget = WeightBudget(clock)
    budget.close_for(10)
    await budget.take(1, for_order=True)
    assert clock.slept == [10.0]


def test_a_process_has_one_budget_per_venue() -> None:
    assert shared_budget("http://127.0.0.1:1") is shared_budget("http://127.0.0.1:1")
    assert shared_budget("http://127.0.0.1:1") is not shared_budget("http://127.0.0.1:2")
