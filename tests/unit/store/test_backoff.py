"""Pauses between attempts."""

from itertools import islice
from random import Random

from strandloom.store.backoff import delays_s


def test_pauses_double_up_to_a_limit_and_differ_from_the_neighbours() -> None:
    steps = (0.1, 0.2, 0.4, 0.8, 1.0, 1.0)
    one, other = (list(islice(delays_s(Random(seed), first_s=0.1, longest_s=1.0), 6)) for seed in (1, 2))
    assert all(step / 2 <= pause <= step for step, pause in zip(steps, one, strict=True))
    assert one != other
