"""Which state of an order may follow which, and what a venue's report means."""

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from strandloom.teams.trader.life import FOLLOWS, InvalidMove, check
from strandloom.teams.trader.order import Order, from_row, intended, parsed, to_row
from strandloom.venues.port import Report
from tests.network import NOON
from tests.unit.teams.trader.decisions import an_intent

D = Decimal


def an_order() -> Order:
    return intended(an_intent(), NOON)


def resting() -> Order:
    return an_order().moved("sent", NOON).heard(Report(state="acknowledged", oid=5), NOON)


def partly(filled: str) -> Report:
    return Report(state="partly_filled", filled=D(filled), average_price=D(100), fee_usd=D("0.1"))


def test_the_way_of_an_order_is_kept_as_its_story() -> None:
    order = resting().heard(partly("3"), NOON).heard(Report(state="filled", filled=D(10)), NOON)
    steps = [step.split()[0] for step in order.story]
    assert steps == ["intended", "sent", "acknowledged", "partly_filled", "filled"]
    assert (order.state, order.filled, order.left, order.version) == ("filled", D(10), D(0), 5)


def test_what_cannot_follow_raises_with_the_story_that_led_there() -> None:
    with pytest.raises(InvalidMove, match=r"from intended to filled: intended 12:00:00"):
        an_order().moved("filled", NOON)


def test_a_state_that_is_over_leads_only_to_closed() -> None:
    for state in ("filled", "cancelled", "rejected", "expired"):
        assert FOLLOWS[state] - {state} == {"closed"}


def test_an_intended_order_may_be_where_the_venue_put_it_once_it_was_sent() -> None:
    check("intended", "filled", sent=True)
    with pytest.raises(InvalidMove):
        check("intended", "filled")


def test_a_timeout_is_not_a_rejection_and_can_still_become_anything() -> None:
    lost = an_order().moved("sent", NOON).heard(Report(state="unknown"), NOON)
    assert lost.stands
    assert FOLLOWS["unknown"] >= {
        "acknowledged",
        "partly_filled",
        "filled",
        "cancelled",
        "rejected",
        "expired",
    }


def test_old_and_repeated_reports_change_nothing() -> None:
    order = resting().heard(partly("3"), NOON)
    assert order.heard(partly("3"), NOON) is order
    assert order.heard(Report(state="acknowledged"), NOON) is order
    ended = order.heard(Report(state="cancelled", filled=D(3)), NOON)
    assert ended.heard(partly("3"), NOON) is ended


def test_a_fill_that_is_told_late_is_counted_and_the_order_stays_over() -> None:
    ended = resting().heard(Report(state="cancelled"), NOON)
    late = ended.heard(Report(state="filled", filled=D(2), average_price=D(99)), NOON)
    assert (late.state, late.filled, late.version) == ("cancelled", D(2), ended.version + 1)


def test_a_row_of_the_books_is_the_order_again() -> None:
    order = resting().heard(partly("3"), NOON)
    assert parsed(json.loads(json.dumps(to_row(order)))) == order


def test_a_row_that_is_known_is_the_same_order_and_a_changed_row_another() -> None:
    row = to_row(resting())
    assert from_row(dict(row)) is from_row(json.loads(json.dumps(row)))
    assert from_row({**row, "why": "seen"}).why == "seen"
    assert from_row(row) == resting()


def test_a_row_shows_what_is_wanted_now_whatever_was_wanted_before() -> None:
    before = to_row(an_order())
    assert to_row(replace(an_order(), price=D(7), plan=None)) == {**before, "price": "7", "plan": None}
    assert to_row(resting())["price"] == before["price"]


def test_the_time_of_an_order_never_runs_back() -> None:
    earlier = NOON - timedelta(minutes=3)
    assert resting().heard(partly("3"), earlier).at == NOON
