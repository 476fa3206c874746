"""The commands of `strandloom data` and `strandloom market` as a person or a program calls them."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from strandloom.cli import app, ending

Call = Callable[..., Any]


@pytest.fixture
def call(database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Run a command with --json; what it printed, or the sentence with which it refused."""
    monkeypatch.setenv("DATABASE_URL", database_url)

    def run(*args: str, code: int = ending.DONE) -> Any:
        monkeypatch.setattr("sys.argv", ["strandloom", *args, "--json"])
        with pytest.raises(SystemExit) as stop:
            app.main()
        said = capsys.readouterr()
        assert int(stop.value.code or 0) == code, said.err
        return json.loads(said.out) if said.out else said.err

    return run


def a_file(tmp_path: Path, *rows: str) -> str:
    path = tmp_path / "BTC.csv.gz"
    path.write_bytes(gzip.compress("\n".join(["time,open,high,low,close,volume", *rows]).encode()))
    return str(path)


def minute(n: int, close: float = 100.5) -> str:
    return f"2025-05-06 12:{n:02}:00,100,101,99,{close},7"


def test_the_sample_is_imported_once_and_listed(call: Call) -> None:
    (first,) = call("data", "import", "sample")
    assert (first["bars"], first["stored"]) == (129_597, 129_597)
    (second,) = call("data", "import", "sample")
    assert second["stored"] == 0
    assert [(row["venue"], row["symbol"], row["bars"]) for row in call("data", "list")] == [
        ("sample", symbol, 43_199) for symbol in ("BTC", "ETH", "SOL")
    ]


def test_a_sound_file_is_imported_and_its_gap_is_told(call: Call, tmp_path: Path) -> None:
    path = a_file(tmp_path, minute(0), minute(1), minute(4))
    (told,) = call("data", "import", path)
    assert (told["symbols"], told["stored"], told["missing"]) == (["BTC"], 3, 2)
    (gap,) = call("data", "gaps", code=ending.ANSWER_IS_NO)
    assert (gap["first"], gap["minutes"]) == ("2025-05-06T12:02:00+00:00", 2)


def test_a_bad_file_is_refused_by_line_and_nothing_is_stored(call: Call, tmp_path: Path) -> None:
    path = a_file(tmp_path, minute(0), minute(2), minute(1), minute(1, 100.25))
    refused = call("data", "import", path, code=ending.WRONG_INPUT)
    assert "not in order of time: line 4" in refused
    assert "comes again later: line 4" in refused
    assert "--repair" in refused
    assert call("data", "list") == []


def test_a_bad_file_is_repaired_when_asked(call: Call, tmp_path: Path) -> None:
    path = a_file(tmp_path, minute(0), minute(2), minute(1), minute(1, 100.25), minute(5))
    (told,) = call("data", "import", path, "--repair", "--gaps", "fill")
    assert (told["stored"], told["repaired"], told["missing"]) == (6, 2, 2)
    assert call("data", "gaps") == []


def test_gaps_are_refused_when_asked(call: Call, tmp_path: Path) -> None:
    path = a_file(tmp_path, minute(0), minute(4))
    assert "gap 2025-05-06 12:01 +3 min" in call("data", "import", path, "--gaps", "refuse", code=2)


def test_a_dry_run_stores_nothing(call: Call, tmp_path: Path) -> None:
    (told,) = call("data", "import", a_file(tmp_path, minute(0)), "--dry-run")
    assert (told["bars"], told["stored"]) == (1, 0)
    assert call("data", "list") == []


def test_bars_of_five_minutes_are_refused(call: Call, tmp_path: Path) -> None:
    path = a_file(tmp_path, *(minute(n) for n in range(0, 60, 5)))
    assert "bars 5 minutes apart" in call("data", "import", path, code=ending.WRONG_INPUT)


def test_what_is_exported_can_be_imported_again(call: Call, tmp_path: Path) -> None:
    call("data", "import", "sample")
    out = str(tmp_path / "btc.parquet")
    span = ("--from", "2025-05-06", "--to", "2025-05-07")
    told = call("data", "export", "--venue", "sample", "--symbols", "BTC", *span, "-o", out)
    assert told["bars"] == 1440
    (again,) = call("data", "import", out, "--venue", "copy")
    assert (again["stored"], again["repaired"]) == (1440, 0)
    hours = str(tmp_path / "hours.csv")
    told = call("data", "export", "--venue", "copy", "--timeframe", "1h", "-o", hours)
    assert told["bars"] == 24


def test_a_time_that_is_none_is_answered_with_one_that_is(call: Call) -> None:
    call("data", "import", "sample")
    said = call("data", "gaps", "--from", "yesterday", code=ending.WRONG_INPUT)
    assert said == "'yesterday' is not a time; write 2025-05-04 or 2025-05-04T15:33, UTC\n"


def test_tidying_says_what_it_saved(call: Call, tmp_path: Path) -> None:
    call("data", "import", a_file(tmp_path, minute(0)))
    call("data", "import", a_file(tmp_path, *(minute(n) for n in range(60))))
    told = call("data", "tidy")
    assert told["days_packed"] == 1
    assert told["saved_percent"] > 50


def test_a_simulated_past_can_be_fetched_and_is_fetched_once(call: Call) -> None:
    span = ("--from", "2025-12-31", "--to", "2026-01-01")
    told = call("data", "fetch", "--feed", "simulated", "--symbols", "BTC", *span)
    assert told == [{"symbol": "BTC", "told": 1440, "stored": 1440}]
    assert call("data", "fetch", "--feed", "simulated", "--symbols", "BTC", *span)[0]["told"] == 0


def test_a_program_can_watch_a_feed_line_by_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    args = ["--set", "MARKET_SPEED=0", "market", "watch", "--feed", "simulated", "--minutes", "3", "--json"]
    monkeypatch.setattr("sys.argv", ["strandloom", *args])
    with pytest.raises(SystemExit):
        app.main()
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["state"] for line in told] == ["complete"] * 3
    assert [symbol["symbol"] for symbol in told[0]["symbols"]] == ["BTC", "ETH", "SOL"]
