"""Minutes as whole numbers since 1970: the index of every bar, and its way to datetimes and back."""

from datetime import UTC, datetime

from strandloom.basics.errors import BadInput
from strandloom.basics.ids import from_unix_ms, unix_ms

MINUTE_MS = 60_000
DAY_MINUTES = 1_440


def of(at: datetime) -> int:
    """The minute in which `at` lies."""
    return unix_ms(at) // MINUTE_MS


def opens(minute: int) -> datetime:
    """When that minute opens."""
    return from_unix_ms(minute * MINUTE_MS)


def closes(minute: int) -> datetime:
    """When that minute closes, which is when its bar can first be known."""
    return from_unix_ms((minute + 1) * MINUTE_MS)


def parse(text: str) -> int:
    """The minute that `2025-05-04` or `2025-05-04T15:33` means; UTC when no offset is given."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput(f"{text!r} is not a time; write 2025-05-04 or 2025-05-04T15:33, UTC") from None
    return of(at if at.tzinfo else at.replace(tzinfo=UTC))
