"""What the measurements post: heartbeats of forty symbols, about 600 bytes a row."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from strandloom.blackboard.cause import Cause, root
from strandloom.blackboard.delivery import Subscription
from strandloom.blackboard.strand import Draft
from strandloom.kinds.heartbeat import Heartbeat

READER = Subscription(consumer="raw_data.bench", patterns=("market:*",))
_START = datetime(2026, 1, 1, tzinfo=UTC)
_SYMBOLS = tuple(f"SYM{number:03}" for number in range(40))


def drafts(count: int, *, start: int = 0) -> list[Draft]:
    """So many heartbeats, each of its own minute and so of its own lifecycle."""
    return [_heartbeat(start + n) for n in range(count)]


def cause(key: object) -> Cause:
    """Why a batch is posted; another key gives other ids."""
    return root("market.bench", _START, f"bench:{key}")


def batches(count: int, size: int, *, start: int = 0) -> list[Sequence[Draft]]:
    """The same in batches."""
    return [drafts(size, start=start + first) for first in range(0, count, size)]


def _heartbeat(n: int) -> Draft:
    minute = _START + timedelta(minutes=n)
    return Draft(
        body=Heartbeat(feed="bench", minute=minute, present=_SYMBOLS),
        tags=("market:heartbeat",),
        timeframe="1m",
        event_at=minute + timedelta(minutes=1),
    )
