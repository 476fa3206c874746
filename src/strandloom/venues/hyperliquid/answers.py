"""What came of a request that changes something: four cases, and nobody may mistake one for another."""

from dataclasses import dataclass
from typing import Any

from strandloom.venues.hyperliquid.refusals import Meaning


@dataclass(frozen=True, slots=True)
class Accepted:
    """The venue carried it out; errors of single orders are inside."""

    response: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Denied:
    """The venue said no, and did nothing."""

    reason: str
    meaning: Meaning


@dataclass(frozen=True, slots=True)
class Unsent:
    """It certainly did not reach the venue, or was turned away at its door: it may be tried again."""

    reason: str


@dataclass(frozen=True, slots=True)
class Lost:
    """It may have been carried out: nothing was heard."""

    reason: str


Answer = Accepted | Denied | Unsent | Lost
