"""A column in memory keeps its newest rows, and what was lent to readers stays as it was."""

import numpy as np
import pytest

from strandloom.market.buffer import Buffer


def row(number: int) -> np.ndarray:
    return np.array([[float(number), float(-number)]])


@pytest.mark.parametrize("spare", [1 / 16, 2.0])
def test_the_newest_rows_are_kept_and_readers_keep_theirs(spare: float) -> None:
    buffer, lent = Buffer(2, 100, spare), []
    for number in range(1_000):
        buffer.extend(row(number))
        lent.append(buffer.view())
    for newest, view in enumerate(lent):
        kept = np.arange(max(0, newest - 99), newest + 1)
        np.testing.assert_array_equal(view, np.stack([kept, -kept]))


def test_with_more_to_spare_it_moves_more_seldom() -> None:
    def moves(spare: float) -> int:
        buffer, places = Buffer(1, 1_000, spare), []
        for number in range(10_000):
            buffer.extend(np.array([[float(number)]]))
            if not places or places[-1] is not buffer._writer:
                places.append(buffer._writer)
        return len(places)

    assert moves(2.0) < moves(1 / 16) / 5
