"""How fast the raw-data team is: one heartbeat of 200 symbols, and the sample replayed without a database."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np

from strandloom.blackboard.desk import Market, desks
from strandloom.blackboard.lockstep import Lockstep
from strandloom.indicators.frame import Floats
from strandloom.kinds.heartbeat import Heartbeat
from strandloom.learning.book import Book
from strandloom.learning.horizons import Horizons
from strandloom.market import beat
from strandloom.market import minute as minutes
from strandloom.market.history import History
from strandloom.market.panel import Panel, panel
from strandloom.market.replay import beats
from strandloom.market.sample import load
from strandloom.market.window import Window
from strandloom.scoring.costs import VENUE
from strandloom.teams.raw_data import team

SYMBOLS = 200
LEAD_IN = 9_000  # minutes: as far as the most patient feature looks back
MEASURED = 65  # minutes, one full hour among them
REPLAYED = 10_000
_HOUR = 500_000 * 60


async def run() -> dict[str, float]:
    """The slowest heartbeat of an hour (the one on which every timeframe closes), and the replay."""
    return {
        "strands_200_symbols_ms": await slowest_heartbeat_ms(),
        "symbol_minutes_per_cpu_s": await symbol_minutes_per_cpu_s(),
    }


async def slowest_heartbeat_ms() -> float:
    """From the heartbeat of a minute to the last strand about it, features included."""
    market = _walks(_HOUR - LEAD_IN, LEAD_IN + MEASURED)
    window = Window(market.symbols)
    window.warm(market.between(market.start, _HOUR))
    network = _network(window.at)
    took = []
    for minute in range(_HOUR, market.stop):
        window.append(minute, market.column(minute))
        body = Heartbeat(feed="bench", minute=minutes.opens(minute), present=market.symbols)
        start = time.process_time()
        network.post([beat.draft(minute, body)], beat.cause("bench", minute))
        await network.drain()
        took.append(time.process_time() - start)
    return max(took[2:]) * 1e3  # the first ones read the board's past and warm the tapes


async def symbol_minutes_per_cpu_s() -> float:
    """The whole team over the sample, in lockstep on the memory board."""
    market = panel(load())
    market = market.between(market.start, market.start + REPLAYED)
    network = _network(History(market).at)
    start = time.process_time()
    for each in beats(market):
        network.post([beat.draft(each.minute, each.body)], beat.cause("bench", each.minute))
        await network.drain()
    return REPLAYED * len(market.symbols) / (time.process_time() - start)


def _network(market_at: Callable[[datetime], Market]) -> Lockstep:
    seats = team.seats(Book(Horizons(team.horizons())), VENUE)
    network = Lockstep(seats, lambda: datetime.now(UTC), forgiving=False)
    network.lay(desks(network.past, market_at))
    return network


def _walks(start: int, bars: int) -> Panel:
    """Prices that wander together, by half."""
    rng = np.random.default_rng(7)
    shape = SYMBOLS, bars
    step = 0.5 * rng.normal(0.0, 4e-4, (1, bars)) + 0.87 * rng.normal(0.0, 4e-4, shape)
    close: Floats = 100.0 * np.cumprod(1.0 + step, axis=1, dtype=np.float64)
    opened = np.concatenate([close[:, :1], close[:, :-1]], axis=1)
    reach = close * np.abs(rng.normal(0.0, 1e-4, shape))
    columns: dict[str, Floats] = {
        "open": opened,
        "high": np.maximum(opened, close) + reach,
        "low": np.minimum(opened, close) - reach,
        "close": close,
        "volume": rng.lognormal(3.0, 0.8, shape),
    }
    symbols = tuple(f"S{number:03}" for number in range(SYMBOLS))
    return Panel(
        venue="bench", symbols=symbols, start=start, columns=columns, filled=np.zeros(shape, dtype=np.bool_)
    )
