"""What the tables of risk tell is typed once per row, and anew for every other row."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from pydantic_core import from_json, to_json

from strandloom.risk.standing import Mark, Standing, begin, closed
from strandloom.teams.decision_maker import tables
from tests.network import NOON


def a_standing() -> Standing:
    return begin(Mark(at=NOON, equity_usd=Decimal(100), flows_usd=Decimal(0), open_usd={}))


def a_row(standing: Standing, version: int) -> dict[str, Any]:
    return {"content": tables.put_standing(standing, version).values["content"], "version": version + 1}


def test_every_row_says_what_was_put_into_it_whichever_was_read_before() -> None:
    rich, poor = a_standing(), replace(a_standing(), equity_usd=Decimal("0.1"))
    rows = [a_row(rich, 0), a_row(poor, 1)]
    for _ in range(2):
        assert [tables.standing_of([row]) for row in rows] == [(rich, 1), (poor, 2)]


def test_a_row_that_another_process_wrote_is_read_although_it_has_the_same_version() -> None:
    ours, theirs = a_row(a_standing(), 4), a_row(replace(a_standing(), losing_streak=7), 4)
    tables.standing_of([ours])
    read, _ = tables.standing_of([theirs])
    assert read is not None and read.losing_streak == 7


def test_a_row_takes_over_what_has_not_changed_and_tells_the_rest_anew() -> None:
    first = closed(a_standing(), "BTC", Decimal("-3.25"), NOON, "one")
    both = closed(closed(first, "BTC", Decimal(1), NOON, "two"), "ETH", Decimal(-2), NOON, "three")
    for standing in (first, both, first, a_standing(), both):
        row = a_row(standing, 0)
        assert tables.standing_of([from_json(to_json(row))]) == (standing, 1)
        a_row(standing, 0)
        assert tables.standing_of([row]) == (standing, 1)


def test_a_row_of_an_older_release_is_read_and_written_again_whole() -> None:
    standing = closed(closed(a_standing(), "BTC", Decimal(5), NOON, "one"), "BTC", Decimal(-2), NOON, "two")
    row = a_row(standing, 0)
    content = dict(row["content"])
    del content["closed_usd"], content["level_since"]
    old = {**row, "content": content}
    assert tables.standing_of([old]) == (standing, 1)
    assert a_row(standing, 0) == row
