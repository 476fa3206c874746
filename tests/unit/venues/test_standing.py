"""Which venue a new order goes to: what it costs as measured, whether it is there, and no hopping about."""

from datetime import timedelta
from decimal import Decimal

from strandloom.venues.standing import (
    BACK_AFTER,
    BETTER_BY_BPS,
    LEFT_AFTER,
    PROBE_EVERY,
    Standing,
    choose,
)
from tests.builders import NOON

D = Decimal


def after(standing: Standing, failures: int = 0, answers: int = 0) -> Standing:
    for _ in range(failures):
        standing = standing.failed()
    for _ in range(answers):
        standing = standing.answered(0.3)
    return standing


def test_the_cheapest_is_chosen_by_fees_slippage_and_waiting() -> None:
    dear, cheap = Standing(name="a", fee_bps=4.5), Standing(name="b", fee_bps=1.5)
    assert choose([dear, cheap], None) == cheap
    slow = Standing(name="c", fee_bps=1.5, latency_s=10.0)
    assert choose([slow, cheap], None) == cheap


def test_with_nothing_between_them_the_order_of_the_settings_decides() -> None:
    first, second = Standing(name="a"), Standing(name="b")
    assert choose([first, second], None) == first


def test_the_one_in_use_stays_until_another_is_clearly_better() -> None:
    mine = Standing(name="a", fee_bps=4.5)
    hardly = Standing(name="b", fee_bps=4.5 - BETTER_BY_BPS / 2)
    clearly = Standing(name="b", fee_bps=4.5 - 2 * BETTER_BY_BPS)
    assert choose([mine, hardly], "a") == mine
    assert choose([mine, clearly], "a") == clearly


def test_one_that_fails_in_a_row_is_left_and_comes_back_when_it_answers_probes() -> None:
    a, b = Standing(name="a"), Standing(name="b", fee_bps=9.0)
    assert not after(a, failures=LEFT_AFTER - 1).is_left
    left = after(a, failures=LEFT_AFTER)
    assert left.is_left
    assert choose([left, b], "a") == b
    assert after(left, answers=BACK_AFTER - 1).is_left
    assert not after(left, answers=BACK_AFTER).is_left
    assert after(after(left, answers=BACK_AFTER - 1), failures=1, answers=1).is_left


def test_when_all_are_left_there_is_none() -> None:
    left = after(Standing(name="a"), failures=LEFT_AFTER)
    assert choose([left], "a") is None


def test_failing_now_and_then_costs() -> None:
    shaky = after(after(Standing(name="a"), failures=2), answers=1)
    assert choose([shaky, Standing(name="b")], "a") == Standing(name="b")


def test_slippage_has_the_sign_of_the_loss() -> None:
    bought = Standing(name="a").filled(D(101), D(100), buys=True)
    sold = Standing(name="a").filled(D(101), D(100), buys=False)
    assert bought.slippage_bps > 0 > sold.slippage_bps
    assert Standing(name="a").filled(D(101), None, buys=True) == Standing(name="a")


def test_probes_keep_their_distance() -> None:
    left = after(Standing(name="a"), failures=LEFT_AFTER)
    assert left.is_due(NOON)
    asked = Standing(name="a", is_left=True, probed_at=NOON)
    assert not asked.is_due(NOON + PROBE_EVERY - timedelta(seconds=1))
    assert asked.is_due(NOON + PROBE_EVERY)
    assert not Standing(name="a").is_due(NOON)
