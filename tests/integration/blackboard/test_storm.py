"""A short storm; `scripts/chaos-board --long` is the long one."""

import pytest

from tests.chaos.storm import Storm, blow


@pytest.mark.timeout(300)
def test_nothing_is_lost_doubled_or_left_when_workers_and_the_server_are_killed() -> None:
    verdict = blow(Storm(inputs=1_500, kills=16, crashes=2, seed=7))
    assert verdict.clean, str(verdict)
