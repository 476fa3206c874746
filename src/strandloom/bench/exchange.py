"""How fast the built-in exchange is: commands per second in process, and memory after many orders."""

import gc
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from resource import getpagesize
from time import process_time

from strandloom.bench import signed_orders
from strandloom.exchange import commands as c
from strandloom.exchange.asset import E8, MICRO
from strandloom.exchange.engine import Engine

_START = 1_700_000_100_000
_USERS = ("0xa", "0xb", "0xc", "0xd")
_COINS = (("BTC", 5, 40, 60_000), ("ETH", 4, 25, 3_000), ("SOL", 2, 20, 100))
_COMMANDS = 200_000
_ROUNDS = 3


def run() -> dict[str, float]:
    """The figures of the engine and of the server in front of it."""
    return {**engine_speed(), **signed_orders.run(), **memory_growth()}


def engine_speed() -> dict[str, float]:
    """Orders, cancels, crossings, changes and quotes, margin checks included, per second of one core."""
    best = 0.0
    for _ in range(_ROUNDS):
        engine, commands = opened(), list(islice(life(), _COMMANDS))
        gc.collect()
        began = process_time()
        apply = engine.apply
        for command in commands:
            apply(command)
        best = max(best, len(commands) / (process_time() - began))
    return {"engine_commands_per_s": round(best)}


def memory_growth() -> dict[str, float]:
    """What the engine takes after a million orders of one account, against after a hundred thousand.

    In a process of its own: memory that earlier measurements gave back would hide the growth.
    """
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as fresh:
        first, last = fresh.submit(_taken_bytes).result()
    return {"memory_growth_1m_orders": round(last / first, 3)}


def _taken_bytes() -> tuple[int, int]:
    """Resident bytes beyond those at the start, after 100 000 orders and after 1 000 000."""
    gc.collect()
    before = _resident_bytes()
    engine, commands = opened(), life(users=1)
    taken: list[int] = []
    for orders in (100_000, 1_000_000):
        while engine.state.last_oid < orders:
            engine.apply(next(commands))
        gc.collect()
        taken.append(_resident_bytes() - before)
    return taken[0], taken[1]


def _resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * getpagesize()


def opened() -> Engine:
    """Three coins with a market, four funded accounts that hold positions in two coins each."""
    engine = Engine()
    for name, sz_decimals, leverage, _ in _COINS:
        engine.apply(c.ListAsset(_START, name, sz_decimals, leverage))
    for user in _USERS:
        engine.apply(c.Deposit(_START, user, 1_000_000 * MICRO))
    for minute in range(3):
        bars = tuple(_bar(engine, index, dollars) for index, (_, _, _, dollars) in enumerate(_COINS))
        engine.apply(c.MarketBars(_START + minute * 60_000, bars))
    for number, user in enumerate(_USERS):
        for index in (number % 3, (number + 1) % 3):
            engine.apply(c.Place(_START + 180_000, user, (_ask(index, number % 2 == 0, 50, "Ioc"),)))
    return engine


def life(users: int = len(_USERS)) -> Iterator[c.Command]:
    """Endless trading: of ten commands three rest, two change, three cancel, one crosses, one quotes."""
    at = _START + 180_000
    oid = len(_USERS) * 2
    beat = 0
    while True:
        beat += 1
        at += 40
        user, coin, buys = _USERS[beat % users], beat % 3, beat % 2 == 0
        resting = []
        for level in range(3):
            yield c.Place(at, user, (_ask(coin, buys, -20 - 5 * level, "Gtc"),))
            oid += 1
            resting.append(oid)
        for level in range(2):
            ask = _ask(coin, buys, -30 - 5 * level, "Gtc")
            yield c.Modify(at, user, (c.Change(resting[level], ask),), True)
            oid += 1
            resting[level] = oid
        for one in resting:
            yield c.Cancel(at, user, ((coin, one),))
        yield c.Place(at, user, (_ask(coin, (beat // 12) % 2 == 0, 30, "Ioc"),))
        oid += 1
        yield _quote(at, coin, beat)


def _bar(engine: Engine, index: int, dollars: int) -> c.PathBar:
    """A calm minute with a million dollars traded."""
    asset = engine.assets()[index]
    px = dollars * asset.whole
    return c.PathBar(index, px, px + px // 2_000, px - px // 2_000, px, 1_000_000 * asset.lots // dollars)


def _ask(coin: int, buys: bool, offset_bps: int, tif: c.Tif) -> c.Ask:
    """About 300 dollars, so far (in basis points) beyond the middle; negative: short of it."""
    dollars = _COINS[coin][3]
    away = dollars * offset_bps * (1 if buys else -1)
    px = (dollars * 10_000 + away) * E8 // 10_000
    unit = E8 // 100 if dollars < 1_000 else E8
    size = {60_000: E8 // 200, 3_000: E8 // 10, 100: 3 * E8}[dollars]
    return c.Ask(coin, buys, px // unit * unit, size, tif)


def _quote(at: int, coin: int, beat: int) -> c.MarketQuote:
    """The market moves a little to and fro."""
    whole, lots = 10 ** (6 - _COINS[coin][1]), 10 ** _COINS[coin][1]
    middle = _COINS[coin][3] * whole
    shift = middle * (beat % 7 - 3) // 10_000
    half = max(1, middle // 20_000)
    return c.MarketQuote(at, coin, middle + shift - half, 50 * lots, middle + shift + half, 50 * lots)
