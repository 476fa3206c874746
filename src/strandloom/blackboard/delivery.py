"""A delivery is one strand on its way to one consumer; a settlement is what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from strandloom.blackboard.module import OrderKey
from strandloom.blackboard.strand import Said, Strand


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """What a consumer wants to see, and how it is served.

    `order` says which deliveries of this consumer wait for each other: those of one lifecycle, of one feed
    (the body's field `feed`; without one all share a queue), of one symbol, or none.
    """

    consumer: str
    patterns: tuple[str, ...]
    order: OrderKey = "lifecycle"
    lease_s: float = 30.0
    max_attempts: int = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A leased strand.  `attempts` is the fencing token: whoever holds an older number has lost it."""

    consumer: str
    seq: int
    attempts: int
    strand: Strand


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """A delivery and all that its handler answered; applied as one or not at all."""

    delivery: Delivery
    said: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """A delivery that was given up, with the last error; it waits for a person."""

    consumer: str
    seq: int
    strand_id: UUID
    attempts: int
    error: str
    died_at: datetime  # wall time


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """What one consumer is waiting for."""

    consumer: str
    waiting: int  # never claimed
    leased: int  # claimed, lease running
    backing_off: int  # failed, waiting for its next attempt
    expired: int  # claimed once, claimable again
    dead: int
    oldest_seq: int | None


Failed = Literal["retry", "dead", "lease_lost"]
Deliveries = Sequence[Delivery]
