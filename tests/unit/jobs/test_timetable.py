"""The timetable: slots follow from market time alone, whoever asks and in however many steps."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from strandloom.jobs.timetable import NAMES, Slot, next_slots, slots_due, worth_posting

MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)  # a Monday
MINUTE = timedelta(minutes=1)


def test_at_midnight_the_hour_and_the_day_are_reported_after_the_books_were_compared() -> None:
    due = slots_due(MIDNIGHT - MINUTE, MIDNIGHT)
    assert due == [Slot(MIDNIGHT, name) for name in ("reconcile", "report_hourly", "report_daily")]


def test_a_slot_belongs_to_the_minute_that_ends_with_it() -> None:
    assert slots_due(MIDNIGHT, MIDNIGHT + MINUTE) == []


def test_the_week_has_one_ablation_and_seven_nights() -> None:
    jobs = [slot.job for slot in slots_due(MIDNIGHT, MIDNIGHT + timedelta(days=7))]
    assert (jobs.count("ablation"), jobs.count("nightly"), jobs.count("report_hourly")) == (1, 7, 168)


@given(
    start=st.integers(0, 60 * 24 * 400),
    cuts=st.lists(st.integers(0, 3_000), min_size=1, max_size=6),
)
def test_many_small_looks_find_what_one_long_look_finds(start: int, cuts: list[int]) -> None:
    since = MIDNIGHT + start * MINUTE
    marks = [since + cut * MINUTE for cut in sorted({0, *cuts})]
    pieces = [slot for a, b in pairwise(marks) for slot in slots_due(a, b)]
    assert pieces == slots_due(since, marks[-1])


def test_every_job_has_a_next_slot_and_it_lies_ahead() -> None:
    coming = next_slots(MIDNIGHT + 7 * MINUTE)
    assert [slot.job for slot in coming] == list(NAMES)
    assert all(slot.at > MIDNIGHT + 7 * MINUTE for slot in coming)


def test_after_a_downtime_every_report_is_due_but_only_the_newest_reconciliation() -> None:
    due = worth_posting(slots_due(MIDNIGHT, MIDNIGHT + timedelta(hours=5)))
    jobs = [slot.job for slot in due]
    assert (jobs.count("report_hourly"), jobs.count("reconcile"), jobs.count("prune")) == (5, 1, 1)
    assert next(slot for slot in due if slot.job == "reconcile").at == MIDNIGHT + timedelta(hours=5)


def test_a_first_look_of_two_years_is_cheap_enough_to_answer() -> None:
    days = slots_due(MIDNIGHT, MIDNIGHT + timedelta(days=730))
    assert sum(slot.job == "report_daily" for slot in days) == 730
