"""How long to wait before trying again: doubling, capped, and never in step with the others."""

from collections.abc import Iterator
from random import Random


def delays_s(rng: Random, *, first_s: float = 0.05, longest_s: float = 2.0) -> Iterator[float]:
    """Endless delays, each between half and all of a doubling step."""
    step_s = first_s
    while True:
        yield step_s * rng.uniform(0.5, 1.0)
        step_s = min(step_s * 2, longest_s)
