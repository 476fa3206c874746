"""What the tables of risk tell is typed once per row, and anew for every other row."""

from dataclasses import replace
from decimal import Decimal

from strandloom.risk.standing import Mark, Standing, begin
from strandloom.teams.decision_maker import tables
from tests.network import NOON


def a_standing() -> Standing:
    return begin(Mark(at=NOON, equity_usd=Decimal(100), flows_usd=Decimal(0), open_usd={}))


def a_row(standing: Standing, version: int) -> dict[str, object]:
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
