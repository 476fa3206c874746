"""What stands behind `strandloom exchange serve`: the engine, kept or not, and the world it trades in."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from strandloom.basics.clock import SystemClock
from strandloom.basics.errors import BadInput, CannotStart
from strandloom.exchange.engine import Engine
from strandloom.exchange.keep.kept import KeptEngine
from strandloom.exchange.keep.tape import Tape
from strandloom.exchange.server.drive import Drive
from strandloom.exchange.server.market import SimulatedMarket
from strandloom.exchange.server.paced import PacedClock
from strandloom.kinds.market import Bar
from strandloom.market import minute as minutes
from strandloom.market.feeds.world import World

DEFAULT_SYMBOLS: Final = ("BTC", "ETH", "SOL", "OP")  # those that the SDK's examples trade, and one more
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """The engine, its clock and its world."""

    engine: Engine
    clock: PacedClock
    planet: Planet
    world: World
    speed: float
    first: int  # the minute to go on with: after the last one lived through, or where history begins

    def market(self, drive: Drive) -> SimulatedMarket:
        """The world as the exchange lives through it, its history told."""
        drive.list(self.planet.symbols, self.first * minutes.MINUTE_MS)
        steps = max(_LEAST_QUOTES, round(60 * _QUOTES_PER_S / self.speed))
        return SimulatedMarket(self._bars, drive, self.engine, self.clock, steps)

    def _bars(self, minute: int) -> list[Bar]:
        return self.world.panel(minute, minute + 1).column(minute)


@contextmanager
def opened(
    symbols: tuple[str, ...] | None, seed: int | None, speed: float, folder: Path | None
) -> Iterator[Behind]:
    """A new exchange, or the one that the folder keeps."""
    start = minutes.of(SystemClock().wall())
    wanted = Planet(symbols=symbols or DEFAULT_SYMBOLS, seed=1 if seed is None else seed, start=start)
    if folder is None:
        yield _behind(Engine(), wanted, speed)
        return
    tape = Tape(folder)
    try:
        planet = _kept(folder / _FILE, wanted, given=(symbols, seed))
        yield _behind(KeptEngine(tape), planet, speed)
    finally:
        tape.close()


def _behind(engine: Engine, planet: Planet, speed: float) -> Behind:
    """At normal speed the market went on while the exchange was down; at another it stood still."""
    wall = SystemClock().wall()
    after = engine.now // minutes.MINUTE_MS + 1 if engine.now else None
    goes_on = after is not None and (speed != 1 or after > minutes.of(wall))
    return Behind(
        engine=engine,
        clock=PacedClock(minutes.opens(after) if goes_on and after else wall, speed),
        planet=planet,
        world=World(planet.symbols, planet.start, seed=planet.seed),
        speed=speed,
        first=after or planet.start - HISTORY_MINUTES,
    )


def _kept(file: Path, wanted: Planet, given: tuple[tuple[str, ...] | None, int | None]) -> Planet:
    if not file.exists():
        file.write_text(json.dumps(asdict(wanted)) + "\n")
        return wanted
    try:
        found = json.loads(file.read_text())
        kept = Planet(symbols=tuple(found["symbols"]), seed=int(found["seed"]), start=int(found["start"]))
    except (ValueError, KeyError, TypeError):
        raise CannotStart(
            f"{file} is damaged; move its folder away to start with an empty exchange"
        ) from None
    symbols, seed = given
    if symbols not in (None, kept.symbols) or seed not in (None, kept.seed):
        raise BadInput(
            f"{file.parent} keeps a market of {','.join(kept.symbols)} with seed {kept.seed}; "
            "leave --symbols and --seed out, or name another folder"
        )
    return kept
