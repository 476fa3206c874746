"""Fetching asks only for what is not there."""

import numpy as np

from strandloom.market.fetching import pages


def test_everything_is_asked_for_page_by_page_when_nothing_is_there() -> None:
    assert pages(np.empty(0, dtype=np.int64), 0, 2500) == [(0, 1000), (1000, 2000), (2000, 2500)]


def test_only_the_stretches_that_are_missing_are_asked_for() -> None:
    have = np.array([3, 4, 5, 9], dtype=np.int64)
    assert pages(have, 0, 12) == [(0, 3), (6, 9), (10, 12)]


def test_nothing_is_asked_for_when_all_is_there() -> None:
    assert pages(np.arange(5, dtype=np.int64), 0, 5) == []
