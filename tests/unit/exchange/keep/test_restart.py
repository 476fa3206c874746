"""A restart finds everything as it was, also after a kill in the middle of a write."""

from pathlib import Path

import pytest

from strandloom.basics.errors import Halt
from strandloom.exchange import commands as c
from strandloom.exchange.asset import MICRO
from strandloom.exchange.keep.codec import decode, encode
from strandloom.exchange.keep.kept import KeptEngine
from strandloom.exchange.keep.snapshot import freeze, thaw
from strandloom.exchange.keep.tape import Tape
from strandloom.exchange.rules import Rules
from tests.unit.exchange.floor import ANN, BOB, START, Floor, quiet_floor


def busy_commands() -> list[c.Command]:
    """A short life with a bit of everything in it."""
    floor = Floor()
    ask, stop = floor.ask, floor.stop
    flat = c.PathBar(0, 1_000_000, 1_000_000, 1_000_000, 1_000_000, 100_000)
    family = (ask("buy", 99, 1, cloid="0x1"), stop("sell", 98, 1), floor.target("sell", 101, 1))
    return [
        c.ListAsset(START, "ACE", 2, 20),
        c.ListAsset(START, "BIG", 4, 40, ((0, 40), (1_000_000, 20))),
        c.Deposit(START, ANN, 10_000 * MICRO),
        c.Deposit(START, BOB, 10_000 * MICRO),
        c.MarketBars(START, (flat,)),
        c.Place(START + 60_000, ANN, family, "normalTpsl"),
        c.Place(START + 60_000, BOB, (ask("sell", "99.5", 3, "Ioc"),)),
        c.Modify(START + 60_000, ANN, (c.Change("0x1", ask("buy", "99.5", 1)),), True),
        c.MarketQuote(START + 61_000, 0, 990_000, 10_000, 990_100, 10_000),
        c.ApproveAgent(START + 62_000, ANN, "0xe", "bot"),
        c.UseNonce(START + 62_000, ANN, START),
        c.UpdateLeverage(START + 62_000, ANN, 1, False, 5),
        c.Cancel(START + 63_000, ANN, ((0, 1), (0, 77))),
        c.CancelByCloid(START + 63_000, ANN, ((0, "0x9"),)),
        c.Tick(START + 4_000_000),
    ]


def test_every_kind_of_command_survives_its_own_bytes():
    for command in busy_commands():
        again = decode(encode(command))
        assert again == command
        assert type(again) is type(command)


def test_numbers_wider_than_a_machine_word_survive():
    ask = c.Ask(0, True, 10**40, 1)
    assert decode(encode(c.Place(START, ANN, (ask,)))) == c.Place(START, ANN, (ask,))


def test_a_command_of_another_version_halts_instead_of_being_skipped():
    with pytest.raises(Halt, match="Levitate"):
        decode(encode(c.Tick(START)).replace(b"\xa4Tick", b"\xa8Levitate"))


def test_a_thawed_state_freezes_to_the_same_bytes():
    floor = quiet_floor()
    for command in busy_commands():
        floor.engine.apply(command._replace(at=floor.at))
        frozen = freeze(floor.engine.state)
        assert freeze(thaw(frozen)) == frozen


def test_a_restart_after_any_command_goes_on_as_if_nothing_had_happened(tmp_path: Path):
    life = busy_commands()
    whole = KeptEngine(Tape(tmp_path / "whole"))
    for command in life:
        whole.apply(command)
    for cut in range(len(life)):
        folder = tmp_path / str(cut)
        engine = KeptEngine(Tape(folder), every=4)  # some cuts fall behind a snapshot, some behind a journal
        for command in life[:cut]:
            engine.apply(command)
        engine = KeptEngine(Tape(folder), every=4)
        outcomes = [engine.apply(command) for command in life[cut:]]
        assert freeze(engine.state) == freeze(whole.state)
        assert len(outcomes) == len(life) - cut


def test_a_record_torn_by_a_kill_is_dropped_and_the_next_one_stands_in_its_place(tmp_path: Path):
    engine = KeptEngine(Tape(tmp_path))
    for command in busy_commands()[:5]:
        engine.apply(command)
    before = freeze(engine.state)
    journal = tmp_path / "journal.bin"
    whole = journal.read_bytes()
    engine.apply(busy_commands()[5])
    after = journal.read_bytes()
    for length in range(len(whole), len(after)):
        journal.write_bytes(after[:length])
        again = KeptEngine(Tape(tmp_path))
        assert freeze(again.state) == before
    again.apply(busy_commands()[5])
    assert freeze(KeptEngine(Tape(tmp_path)).state) == freeze(engine.state)


def test_a_kill_between_snapshot_and_new_journal_replays_nothing_twice(tmp_path: Path):
    engine = KeptEngine(Tape(tmp_path))
    for command in busy_commands():
        engine.apply(command)
    journal = (tmp_path / "journal.bin").read_bytes()
    engine.snapshot()
    (tmp_path / "journal.bin").write_bytes(journal)  # as if the kill had come before it was emptied
    assert freeze(KeptEngine(Tape(tmp_path)).state) == freeze(engine.state)


def test_a_damaged_snapshot_halts_and_says_which_file(tmp_path: Path):
    KeptEngine(Tape(tmp_path)).apply(c.Tick(START))
    (tmp_path / "snapshot.bin").write_bytes(b"nonsense")
    with pytest.raises(Halt, match=r"snapshot\.bin"):
        KeptEngine(Tape(tmp_path))


def test_new_rules_hold_from_the_restart_on_and_not_before(tmp_path: Path):
    engine = KeptEngine(Tape(tmp_path), Rules(taker_fee=450))
    for command in busy_commands():
        engine.apply(command)
    fees = engine.state.fees_usd
    assert fees > 0
    engine = KeptEngine(Tape(tmp_path), Rules(taker_fee=0))
    assert engine.state.fees_usd == fees
    assert engine.state.rules.taker_fee == 0
    assert KeptEngine(Tape(tmp_path)).state.rules.taker_fee == 0
