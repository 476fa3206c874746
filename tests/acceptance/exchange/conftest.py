"""The exchange under test, and traders who use the SDK as it is."""

from collections.abc import Iterator

import pytest

from tests.acceptance.exchange.trader import Trader
from tests.acceptance.exchange.world import World, a_world


@pytest.fixture
def world() -> Iterator[World]:
    with a_world() as made:
        yield made


@pytest.fixture
def alice(world: World) -> Trader:
    return Trader(world, 1)


@pytest.fixture
def bob(world: World) -> Trader:
    return Trader(world, 2)
