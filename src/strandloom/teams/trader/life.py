"""The life of an order: which state may follow which, and what a venue's report means for it."""

from collections.abc import Mapping, Sequence
from typing import Final

from strandloom.basics.errors import Halt

ENDED: Final = ("cancelled", "rejected", "expired", "closed")
OVER: Final = (*ENDED, "filled")  # nothing of it rests any more
AT_THE_VENUE: Final = ("acknowledged", "partly_filled")
_ANSWERS: Final = frozenset(
    {"acknowledged", "partly_filled", "filled", "cancelled", "rejected", "expired", "unknown"}
)
FOLLOWS: Final[Mapping[str, frozenset[str]]] = {
    "": frozenset({"intended", "filled"}),  # filled: an execution that none of our orders asked for
    "intended": frozenset({"sent", "cancelled", "rejected", "expired"}),
    "sent": _ANSWERS,
    "unknown": _ANSWERS,
    "acknowledged": frozenset(
        {"acknowledged", "partly_filled", "filled", "cancelled", "rejected", "expired", "unknown"}
    ),
    "partly_filled": frozenset({"partly_filled", "filled", "cancelled", "rejected", "expired", "unknown"}),
    "filled": frozenset({"filled", "closed"}),
    "cancelled": frozenset({"cancelled", "closed"}),  # the same state again: a fill that was told late
    "rejected": frozenset({"rejected", "closed"}),
    "expired": frozenset({"expired", "closed"}),
    "closed": frozenset({"closed"}),
}


class InvalidMove(Halt):
    """An order cannot have come from there to here: what we believe of it is wrong."""


def check(before: str, after: str, story: Sequence[str] = (), *, sent: bool = False) -> None:
    """Raise unless `after` may follow `before`; the story says how it came there.

    `sent`: it was sent in the same breath, so an intended order may be where the venue put it.
    """
    start = "sent" if sent and before == "intended" else before
    if after not in FOLLOWS.get(start, frozenset()):
        told = ", then ".join(story) or "nothing is known of it"
        raise InvalidMove(f"an order cannot go from {before or 'nowhere'} to {after}: {told}")
