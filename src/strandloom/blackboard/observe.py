"""What the runner tells whoever keeps count: one value per handled delivery."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """One delivery that a handler answered or failed on."""

    module: str
    kind: str  # of the delivered strand
    outcome: Literal["answered", "failed"]
    waited_s: float  # from posting to the start of the handler, by the wall clocks of both
    took_s: float
    posts: tuple[str, ...]  # kinds of the drafts it answered with


Observer = Callable[[Handled], None]


def nobody(handled: Handled) -> None:
    """Keep no count."""
