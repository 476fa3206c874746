"""The exchange in the database: found again bit for bit, and never written by two."""

import asyncio

import pytest

from strandloom.basics.errors import Halt
from strandloom.exchange import commands as c
from strandloom.exchange.asset import E8, MICRO
from strandloom.exchange.keep.database_tape import DatabaseTape, Superseded
from strandloom.exchange.keep.kept import KeptEngine
from strandloom.exchange.keep.snapshot import freeze
from strandloom.store.database import Database

START = 1_700_000_100_000 // 3_600_000 * 3_600_000
ANN = "0x" + "a" * 40


def a_life(orders: int = 50) -> list[c.Command]:
    """A market, money, and orders that rest, fill and are cancelled."""
    flat = c.PathBar(0, 1_000_000, 1_000_500, 999_500, 1_000_000, 100_000)
    life: list[c.Command] = [
        c.ListAsset(START, "ACE", 2, 20),
        c.Deposit(START, ANN, 100_000 * MICRO),
        *(c.MarketBars(START + n * 60_000, (flat,)) for n in range(5)),
    ]
    now = START + 300_000
    for n in range(orders):
        ask = c.Ask(0, n % 2 == 0, (90 + n % 21) * E8, E8, cloid=f"0x{n:032x}")
        life.append(c.Place(now + n, ANN, (ask,)))
        life.append(c.UseNonce(now + n, ANN, now + n))
        life.append(c.CancelByCloid(now + n, ANN, ((0, f"0x{n // 2:032x}"),)))
    return life


async def an_engine(database: Database, every: int = 20_000) -> tuple[KeptEngine, DatabaseTape]:
    tape = await DatabaseTape.open(database, "paper")
    return KeptEngine(tape, every=every), tape


@pytest.mark.parametrize("every", [7, 20_000])
async def test_a_restart_finds_everything_bit_for_bit(any_database: Database, every: int) -> None:
    engine, tape = await an_engine(any_database, every)
    for n, command in enumerate(a_life()):
        engine.apply(command)
        if n % 10 == 0:
            await tape.stored()
    await tape.stored()
    again, _ = await an_engine(any_database)
    assert freeze(again.state) == freeze(engine.state)


async def test_what_was_never_stored_never_happened(database: Database) -> None:
    engine, tape = await an_engine(database)
    life = a_life()
    for command in life[:30]:
        engine.apply(command)
    await tape.stored()
    before = freeze(engine.state)
    for command in life[30:]:
        engine.apply(command)
    again, _ = await an_engine(database)
    assert freeze(again.state) == before


async def test_many_who_wait_are_stored_together(database: Database) -> None:
    engine, tape = await an_engine(database)

    async def one(command: c.Command) -> None:
        engine.apply(command)
        await tape.stored()

    await asyncio.gather(*map(one, a_life()))
    again, _ = await an_engine(database)
    assert freeze(again.state) == freeze(engine.state)


async def test_who_was_superseded_can_store_nothing_more(database: Database) -> None:
    engine, tape = await an_engine(database)
    await tape.stored()
    other, other_tape = await an_engine(database)
    life = a_life()
    for command in life[:5]:
        engine.apply(command)
        other.apply(command)
    with pytest.raises(Superseded, match="another process"):
        await tape.stored()
    await other_tape.stored()
    third, _ = await an_engine(database)
    assert freeze(third.state) == freeze(other.state)


async def test_a_journal_with_a_hole_halts_instead_of_going_on(database: Database) -> None:
    engine, tape = await an_engine(database)
    for command in a_life():
        engine.apply(command)
    await tape.stored()
    async with database.session() as session:
        await session.connection.execute("delete from exchange_journal where number = 20")
    with pytest.raises(Halt, match="no command 20"):
        await DatabaseTape.open(database, "paper")
