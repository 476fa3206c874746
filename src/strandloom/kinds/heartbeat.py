"""The pulse: `market.heartbeat` posts one per closed minute of a feed, and every team reads it.

Beside it go notes on the data's quality, for the gates that must not trust a symbol with a hole in it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from strandloom.kinds.registry import Body, kind

Problem = Literal[
    "gap",  # a symbol's minute is missing; no new entries on it until healed
    "healed",  # its missing minutes have come, or lie more than a day back
    "late",  # bars of minutes whose heartbeat had been given without them
    "duplicate",  # bars that we had already
    "out_of_order",  # a minute told after a later one
    "revised",  # bars told again with other numbers
    "listed",
    "delisted",
    "silent",  # the whole feed tells nothing: no heartbeat until it comes back, then all are caught up
    "clock_skew",  # our clock and the venue's disagree
]


@kind(
    "heartbeat",
    posted_by="market.heartbeat",
    read_by="every team",
    starts_lifecycle=True,
    tags=("market:heartbeat", *(f"market:heartbeat:{minutes}m" for minutes in (5, 15, 30, 60))),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Heartbeat(Body):
    """One closed minute.  Never changed afterwards: what came too late is told in `data_quality`."""

    feed: str  # the venue whose minute it is
    minute: datetime  # when the minute opened; the strand's own time is when it closed
    present: tuple[str, ...]  # symbols with a bar, the filled ones among them
    filled: tuple[str, ...] = ()  # made flat because nothing traded
    late: tuple[str, ...] = ()  # no bar yet, for the first minute
    missing: tuple[str, ...] = ()  # no bar, and none for the minute before either
    blocked: tuple[str, ...] = ()  # symbols with a hole that is not healed: nothing new may be opened
    catch_up: bool = False  # told after a downtime: keep state and close outcomes, open nothing


@kind(
    "data_quality",
    posted_by="market.heartbeat",
    read_by="raw_data, decision_maker, people",
    tags=("market:data_quality", "market:data_quality:*"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class DataQuality(Body):
    """What was wrong with a symbol's data since the heartbeat before; the strand's symbol says whose."""

    feed: str
    problem: Problem
    count: int  # bars or minutes concerned
    first: datetime  # opening of the first minute concerned
    last: datetime
    offset_s: float | None = None  # clock_skew: how far the venue's clock is ahead of ours
