"""An account that spent its allowance sends one request in eleven seconds; its cancels last longer."""

from strandloom.hyperliquid.address_budget import INITIAL, STARVED_EVERY_S, AddressBudget


def test_a_starved_account_waits_but_may_still_cancel() -> None:
    budget = AddressBudget()
    budget.spend(100.0, INITIAL)
    assert budget.wait_s(100.0) == STARVED_EVERY_S
    assert budget.wait_s(100.0 + STARVED_EVERY_S) == 0
    assert budget.wait_s(100.0, cancel=True) == 0
    assert budget.left(cancel=True) == INITIAL


def test_the_venues_own_count_is_believed() -> None:
    budget = AddressBudget()
    budget.corrected({"cumVlm": "5000.0", "nRequestsUsed": 14_990, "nRequestsCap": 15_000})
    assert budget.left() == 10
