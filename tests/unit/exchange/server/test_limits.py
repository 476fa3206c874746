"""Limits count what was done, cost nothing when they say no, and let starved accounts limp on."""

from strandloom.exchange.server.limits import Allowances, Limits, Meters

ALICE = "0x" + "a" * 40


def test_a_minute_holds_so_much_weight_per_address() -> None:
    meters = Meters(100)
    assert all(meters.allows("1.1.1.1", 20, 0.0) for _ in range(5))
    assert not meters.allows("1.1.1.1", 1, 59.0)
    assert meters.allows("2.2.2.2", 100, 59.0)
    assert meters.allows("1.1.1.1", 100, 60.0)


def test_a_refusal_costs_nothing() -> None:
    meters = Meters(100)
    assert meters.allows("1.1.1.1", 90, 0.0)
    assert not any(meters.allows("1.1.1.1", 20, 1.0) for _ in range(10))
    assert meters.allows("1.1.1.1", 10, 2.0)


def test_the_rows_of_an_answer_count_even_beyond_the_limit() -> None:
    meters = Meters(100)
    meters.charge("1.1.1.1", 500, 0.0)
    assert not meters.allows("1.1.1.1", 1, 1.0)


def test_ten_thousand_addresses_are_remembered_and_the_longest_silent_forgotten() -> None:
    meters = Meters(1)
    for n in range(10_001):
        meters.allows(str(n), 1, 0.0)
    assert meters.allows("0", 1, 0.0)
    assert not meters.allows("10000", 1, 0.0)


def test_an_account_may_send_one_request_more_per_dollar_traded() -> None:
    allowances = Allowances(10)
    allowances.spend(ALICE, 10, 0.0)
    refusal = allowances.refuses(ALICE, 0, 1.0, cancel=False)
    assert refusal is not None
    assert refusal.startswith("Too many cumulative requests sent (11 > 10) for cumulative volume traded $0")
    assert allowances.refuses(ALICE, 5, 1.0, cancel=False) is None


def test_a_starved_account_sends_one_request_in_ten_seconds_and_still_cancels() -> None:
    allowances = Allowances(10)
    allowances.spend(ALICE, 10, 0.0)
    assert allowances.refuses(ALICE, 0, 9.9, cancel=False) is not None
    assert allowances.refuses(ALICE, 0, 9.9, cancel=True) is None
    assert allowances.refuses(ALICE, 0, 10.0, cancel=False) is None
    allowances.spend(ALICE, 10, 10.0)
    assert allowances.refuses(ALICE, 0, 11.0, cancel=True) is not None


def test_without_limits_nothing_is_counted() -> None:
    limits = Limits.none()
    meters = Meters(limits.weight_per_minute)
    assert all(meters.allows("1.1.1.1", 10**6, 0.0) for _ in range(100))
