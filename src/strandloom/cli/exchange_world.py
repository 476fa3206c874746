"""The simulated world of an exchange: the same at every start, because the folder remembers its seed."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from strandloom.basics.clock import SystemClock
from strandloom.basics.errors import BadInput, CannotStart
from strandloom.exchange.port import Exchange
from strandloom.exchange.server.drive import Drive
from strandloom.exchange.server.market import SimulatedMarket
from strandloom.exchange.server.paced import PacedClock
from strandloom.kinds.market import Bar
from strandloom.market import minute as minutes
from strandloom.market.feeds.world import World

HISTORY_MINUTES: Final = 5_000  # as many as the venue remembers
_QUOTES_PER_S: Final = 1.0
_LEAST_QUOTES: Final = 4
_FILE: Final = "market.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Planet:
    """What fixes a simulated market for ever."""

    symbols: tuple[str, ...]
    seed: int
    start: int  # the minute that the world is counted from


def simulated(
    engine: Exchange, planet: Planet, speed: float
) -> tuple[PacedClock, Callable[[Drive], SimulatedMarket]]:
    """The clock of the world and the world itself.

    At normal speed the market went on while the exchange was down; at another it stood still.
    """
    wall = SystemClock().wall()
    after = engine.now // minutes.MINUTE_MS + 1 if engine.now else None
    goes_on = after is not None and (speed != 1 or after > minutes.of(wall))
    clock = PacedClock(minutes.opens(after) if goes_on and after else wall, speed)
    world = World(planet.symbols, planet.start, seed=planet.seed)
    first = after or planet.start - HISTORY_MINUTES
    steps = max(_LEAST_QUOTES, round(60 * _QUOTES_PER_S / speed))

    def bars_of(minute: int) -> list[Bar]:
        return world.panel(minute, minute + 1).column(minute)

    def market(drive: Drive) -> SimulatedMarket:
        drive.list(planet.symbols, first * minutes.MINUTE_MS)
        return SimulatedMarket(bars_of, drive, engine, clock, first=first, steps=steps)

    return clock, market


def kept_planet(folder: Path, wanted: Planet, given: tuple[tuple[str, ...] | None, int | None]) -> Planet:
    """The planet of this folder; `wanted` if it has none yet.  What was `given` must not contradict it."""
    file = folder / _FILE
    if not file.exists():
        file.write_text(json.dumps(asdict(wanted)) + "\n")
        return wanted
    try:
        found = json.loads(file.read_text())
        kept = Planet(symbols=tuple(found["symbols"]), seed=int(found["seed"]), start=int(found["start"]))
    except (ValueError, KeyError, TypeError):
        raise CannotStart(f"{file} is damaged; move its folder away to start anew") from None
    symbols, seed = given
    if symbols not in (None, kept.symbols) or seed not in (None, kept.seed):
        raise BadInput(
            f"{folder} keeps a market of {','.join(kept.symbols)} with seed {kept.seed}; "
            "leave --symbols and --seed out, or name another folder"
        )
    return kept
