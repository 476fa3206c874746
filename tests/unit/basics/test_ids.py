"""Ids: in order of time where they have one, the same for ever where they have a name."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from strandloom.basics import ids

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_the_same_cause_gives_the_same_id_and_the_next_one_another() -> None:
    first = ids.strand_id(NOON, "feed:1", "raw_data.volume", "spike", 0)
    assert first == ids.strand_id(NOON, "feed:1", "raw_data.volume", "spike", 0)
    assert first != ids.strand_id(NOON, "feed:1", "raw_data.volume", "spike", 1)
    assert first.version == 8


def test_ids_sort_by_market_time() -> None:
    later = ids.strand_id(NOON + timedelta(milliseconds=1), "a", "m", "k", 0)
    assert ids.strand_id(NOON, "b", "m", "k", 0) < later


def test_a_name_has_the_same_id_for_ever() -> None:
    assert ids.named_id("strand", "plan-7") == UUID("0988364e-8ff3-828c-b46b-a055a1b9918b")


def test_a_loose_id_is_a_uuid_as_it_is_or_the_id_of_a_name() -> None:
    own = UUID("018f0000-0000-7000-8000-00000000000a")
    assert ids.loose_id(str(own).upper()) == own
    assert ids.loose_id("plan-7") == ids.named_id("strand", "plan-7")
