"""When each job is due, in market time: pure, so that a service and a replay post the same slots."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Literal

from apscheduler.triggers.cron import CronTrigger

_MINUTE = timedelta(minutes=1)
_WEEK = timedelta(days=7)
_MONDAY = datetime(1970, 1, 5, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One job: its crontab line in market time (UTC), and what becomes of slots that were missed."""

    job: str
    crontab: str
    says: str
    missed: Literal["each", "newest"] = "newest"


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """One job at one moment of market time."""

    at: datetime
    job: str


TIMETABLE = (
    Entry(job="reconcile", crontab="*/15 * * * *", says="compare the books with the venue"),
    Entry(job="report_hourly", crontab="0 * * * *", says="report on the hour that ended", missed="each"),
    Entry(job="report_daily", crontab="0 0 * * *", says="report on the day that ended", missed="each"),
    Entry(job="look", crontab="5 0 * * *", says="let the gate look at what candidates have shown"),
    Entry(job="nightly", crontab="10 0 * * *", says="score all pattern keys anew"),
    Entry(job="ablation", crontab="15 0 * * mon", says="measure what resonance and lessons are worth"),
    Entry(job="roll_up", crontab="20 0 * * *", says="pack and forget old bars"),
    Entry(job="prune", crontab="30 * * * *", says="let old strands go"),
)
"""In the order in which slots of the same moment are posted."""

NAMES = tuple(entry.job for entry in TIMETABLE)


def entry(job: str) -> Entry | None:
    """The line of that job, or None."""
    return next((each for each in TIMETABLE if each.job == job), None)


def slots_due(since: datetime, until: datetime) -> Sequence[Slot]:
    """Every slot after `since` and up to `until`, in the order in which they are posted."""
    found: list[Slot] = []
    week = (since - _MONDAY) // _WEEK
    while (start := _MONDAY + week * _WEEK) <= until:
        found += (Slot(start + after, job) for after, job in _week() if since < start + after <= until)
        week += 1
    return found


def next_slots(after: datetime) -> Sequence[Slot]:
    """The next slot of every job, in the order of the timetable."""
    coming = slots_due(after, after + _WEEK)
    return [next(slot for slot in coming if slot.job == job) for job in NAMES]


def worth_posting(due: Sequence[Slot]) -> Sequence[Slot]:
    """Of slots that have come all at once, as after a downtime: each one, or only the newest of its job."""
    newest = {slot.job: slot for slot in due}
    each = {line.job for line in TIMETABLE if line.missed == "each"}
    return [slot for slot in due if slot.job in each or slot is newest[slot.job]]


@cache
def _week() -> Sequence[tuple[timedelta, str]]:
    """What every week is like, so that a replay need not ask the triggers minute by minute."""
    slots = [(after, number) for number, line in enumerate(TIMETABLE) for after in _fires(line)]
    return [(after, NAMES[number]) for after, number in sorted(slots)]


def _fires(line: Entry) -> list[timedelta]:
    trigger = CronTrigger.from_crontab(line.crontab, timezone=UTC)
    fires: list[timedelta] = []
    at = trigger.get_next_fire_time(None, _MONDAY)
    while at < _MONDAY + _WEEK:
        fires.append(at - _MONDAY)
        at = trigger.get_next_fire_time(None, at + _MINUTE)
    return fires
