"""May this process open anything yet?  Since when it runs, and whether it has looked at the venue since."""

from dataclasses import dataclass
from datetime import UTC, datetime

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class Readiness:
    """Shared by the Trader's modules of one process; set by the tracker's first whole look at the venue."""

    began: datetime = _LONG_AGO  # wall time: an intent from before then may have been sent by somebody else
    recovered: bool = False
