"""The stated operating points hold, in a short run; `scripts/simulate-gate` makes the long one."""

from math import sqrt

import pytest

from tests.simulated.points import POINTS, Point

SHARE = 0.02
PATIENCE = 3.5  # standard errors of the short run's own noise


@pytest.mark.slow
@pytest.mark.parametrize("point", POINTS, ids=lambda point: point.name)
def test_an_operating_point_is_reproduced(point: Point) -> None:
    runs = max(int(point.runs * SHARE), 20 if point.draws == 1 else 4)
    value = point.simulate(runs, 7)
    assert value >= point.at_least - _noise(point.at_least, runs * point.draws)
    assert value <= point.at_most + _noise(point.at_most, runs * point.draws)


def _noise(share: float, draws: int) -> float:
    return PATIENCE * sqrt(share * (1.0 - share) / draws)
