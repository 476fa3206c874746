"""Floors pass dead rows by and never hide what is open."""

import pytest

from strandloom.blackboard.floors import Floors


@pytest.fixture
def floors() -> Floors:
    floors = Floors()
    floors.forget(trusted=True)
    return floors


def test_the_next_claim_begins_where_the_last_one_found_something(floors: Floors) -> None:
    floors.found(floors.look("cil.reader"), 100)
    assert floors.look("cil.reader").start == 100


def test_a_late_commit_below_the_floor_is_seen_by_the_next_claim(floors: Floors) -> None:
    floors.found(floors.look("cil.reader"), 100)
    floors.lower("cil.reader", 7)
    assert floors.look("cil.reader").start == 7


def test_what_is_called_while_a_claim_runs_stays_in_sight(floors: Floors) -> None:
    look = floors.look("cil.reader")
    floors.lower("cil.reader", 7)
    floors.found(look, 100)
    assert floors.look("cil.reader").start == 7


def test_a_call_from_above_does_not_keep_the_floor_down(floors: Floors) -> None:
    look = floors.look("cil.reader")
    floors.lower("cil.reader", 120)
    floors.found(look, 100)
    assert floors.look("cil.reader").start == 100


def test_without_notifications_every_claim_begins_at_the_bottom(floors: Floors) -> None:
    floors.found(floors.look("cil.reader"), 100)
    floors.forget(trusted=False)
    floors.found(floors.look("cil.reader"), 100)
    assert floors.look("cil.reader").start == 0


def test_consumers_do_not_share_a_floor(floors: Floors) -> None:
    floors.look("cil.other")
    floors.found(floors.look("cil.reader"), 100)
    assert floors.look("cil.other").start == 0
