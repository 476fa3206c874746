"""A minute under fire; `scripts/soak --minutes 60` is the long one."""

import pytest

from tests.soak.storm import Soak, soak
from tests.soak.verdict import NOT_MEASURED


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_killed_frozen_and_crashed_for_a_minute_it_loses_doubles_and_forgets_nothing() -> None:
    verdict = soak(Soak(minutes=1.0, seed=7))
    assert set(verdict.wrong) <= {NOT_MEASURED}, str(verdict)  # a minute is too short for that
