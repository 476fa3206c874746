"""A moment has one text, which says it exactly."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from strandloom.basics.iso import iso

NOON = datetime(2025, 5, 20, 12, 0, tzinfo=UTC)


def test_it_is_read_back_as_the_very_moment() -> None:
    for at in (NOON, NOON + timedelta(microseconds=1), NOON - timedelta(days=4_000, seconds=1)):
        assert datetime.fromisoformat(iso(at)) == at
    assert iso(NOON) == "2025-05-20T12:00:00+00:00" == NOON.isoformat()


@pytest.mark.parametrize("hours", [-5, 2])
def test_equal_moments_of_other_zones_have_the_text_of_utc(hours: int) -> None:
    for at in (NOON + timedelta(minutes=hours), NOON + timedelta(minutes=hours, seconds=30)):
        elsewhere = at.astimezone(timezone(timedelta(hours=hours)))
        assert iso(elsewhere) == iso(at) == at.isoformat()
