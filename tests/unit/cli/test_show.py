"""Printing data: the same rows for people, pipes and programs."""

import io
import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from strandloom.cli import show

ROWS = [{"symbol": "BTC", "price": Decimal("1.50"), "at": datetime(2026, 1, 2, tzinfo=UTC), "note": None}]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_pipe_gets_a_heading_and_tab_separated_lines(capsys: pytest.CaptureFixture[str]) -> None:
    show.table(ROWS, as_json=False)
    assert capsys.readouterr().out == "symbol\tprice\tat\tnote\nBTC\t1.50\t2026-01-02 00:00:00\t–\n"


def test_a_program_gets_json_with_exact_decimals_and_iso_times(capsys: pytest.CaptureFixture[str]) -> None:
    show.table(ROWS, as_json=True)
    (row,) = json.loads(capsys.readouterr().out)
    assert row == {"symbol": "BTC", "price": "1.50", "at": "2026-01-02T00:00:00+00:00", "note": None}


def test_a_terminal_gets_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stdout", terminal)
    show.table(ROWS, as_json=False, title="Prices [not markup]")
    assert "BTC" in terminal.getvalue()
    assert "──" in terminal.getvalue()


def test_what_is_long_stands_below_its_row_and_an_id_is_never_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal, name = Terminal(), "019b7719-d3e0-8228-acee-73b23862f825"
    monkeypatch.setattr("sys.stdout", terminal)
    monkeypatch.setenv("COLUMNS", "60")
    show.table([{"said": "probe", "why": "because " * 12, "id": name}], as_json=False, below="why")
    head, row, *below = terminal.getvalue().splitlines()
    assert (head.split(), row) == (["said", "id"], f"probe  {name}")
    assert len(below) == 2 and all(line.startswith("    because") for line in below)


def test_no_rows_are_a_word_to_people_and_an_empty_list_to_programs(
    capsys: pytest.CaptureFixture[str],
) -> None:
    show.table([], as_json=False, empty="no trades yet")
    show.table([], as_json=True)
    assert capsys.readouterr().out == "no trades yet\n[]\n"


def test_a_record_is_one_flat_object(capsys: pytest.CaptureFixture[str]) -> None:
    show.record({"per_s": 1234.5678}, as_json=True)
    show.record({"per_s": 1234.5678}, as_json=False)
    out = capsys.readouterr().out
    assert json.loads(out.rsplit("\n", 2)[0]) == {"per_s": 1234.5678}
    assert out.endswith("per_s\t1,234.57\n")
