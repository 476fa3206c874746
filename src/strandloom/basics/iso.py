"""Moments as rows and looks carry them: ISO 8601 in UTC, put into text once while they are new."""

from datetime import UTC, datetime
from functools import lru_cache


@lru_cache(maxsize=256)
def iso(at: datetime) -> str:
    """Of equal moments the same text, whatever zone they were told in; most of a minute's are one moment."""
    return at.astimezone(UTC).isoformat()
