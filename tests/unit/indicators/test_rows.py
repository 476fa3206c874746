"""Features that are worked out when they are read are those that are worked out all at once."""

import numpy as np
import pytest

from strandloom.indicators.features.catalogue import FAMILY, NAMES, features
from strandloom.indicators.features.rows import Laid, Wanted
from tests.frames import sample_frame

FRAME = sample_frame(2_500)


@pytest.mark.parametrize("columns", [1, 700, 2_600])
def test_each_feature_is_the_same_read_alone_and_with_all_others(columns: int) -> None:
    whole, wanted = features(FRAME, columns), Wanted(FRAME, columns)
    assert len(wanted) == len(whole) == columns
    for number, name in enumerate(NAMES):
        np.testing.assert_array_equal(wanted[name], whole[:, number], name)
        np.testing.assert_array_equal(Laid(whole)[name], whole[:, number], name)
    np.testing.assert_array_equal(wanted.by_time(), Laid(whole).by_time())


def test_what_nobody_reads_is_not_worked_out() -> None:
    wanted = Wanted(FRAME, 100)
    assert wanted["rsi_14"] is not None
    assert set(wanted._known) == set(FAMILY["rsi_14"].features)


def test_nobody_can_write_to_what_was_worked_out() -> None:
    with pytest.raises(ValueError, match="read-only"):
        Wanted(FRAME, 10)["rsi_14"][0, 0] = 1.0
