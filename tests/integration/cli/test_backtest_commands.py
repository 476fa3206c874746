"""`strandloom backtest` as a person runs it, with its row and its trial in a real database."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from strandloom.cli.app import app
from strandloom.store.database import Database

SPAN = ("--from", "2025-05-11T22:00", "--to", "2025-05-12T00:30")


@pytest.fixture
def run(database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    monkeypatch.setenv("DATABASE_URL", database.url)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))

    def call(*args: str) -> Any:
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(CliRunner().invoke, app, ["backtest", *args]).result()

    return call


def written(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


async def test_a_run_leaves_a_folder_a_row_and_a_trial(database: Database, run: Any, tmp_path: Path) -> None:
    first = run(*SPAN, "--symbols", "BTC", "--json")
    assert first.exit_code == 0, first.output
    said = json.loads(first.stdout)
    assert said["confidence"]["trials"] == 1
    folder = Path(said["folder"])
    assert folder.parent == tmp_path / "backtests"
    assert written(folder) >= {"summary.json", "trades.parquet", "equity.parquet"}
    day = json.loads((folder / "days/2025-05-11.json").read_text())
    assert (day["schema"], day["date"], day["span"]) == (1, "2025-05-11", "day")
    assert {"trade_count", "pnl", "blocks", "risk_budget", "data_quality", "patterns", "plans"} <= set(day)
    (row,) = await database.fetch("backtest.runs", 10)
    assert row["folder"] == str(folder)
    assert json.loads(row["terms"])["symbols"] == "BTC"


async def test_the_same_run_again_is_the_same_trial_and_another_one_is_not(run: Any) -> None:
    def trials(*args: str) -> int:
        said = run(*args, "--json")
        assert said.exit_code == 0, said.output
        return int(json.loads(said.stdout)["confidence"]["trials"])

    assert trials(*SPAN, "--symbols", "BTC") == 1
    assert trials(*SPAN, "--symbols", "ETH") == 2
    assert trials(*SPAN, "--symbols", "BTC") == 1


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("--symbols", "DOGE"), "sample has BTC, ETH, SOL; choose symbols among them"),
        (("--from", "2025-05-12", "--to", "2025-05-12"), "no minute lies between --from and --to"),
        (("--from", "soon"), "'soon' is not a time"),
        (("--data", "nowhere"), "neither `sample`, nor a file, nor a venue of the store"),
    ],
)
def test_a_wish_that_cannot_be_met_is_one_sentence(run: Any, args: tuple[str, ...], says: str) -> None:
    refused = run(*args)
    assert says in str(refused.exception)


async def test_learn_says_what_was_learnt_also_when_it_is_nothing(run: Any) -> None:
    asked = (*SPAN, "--symbols", "BTC", "--learn", "--no-record")
    done = run(*asked, "--json")
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    learnt = said["learning"]
    assert learnt["says"].startswith("Nothing was learnt")
    assert (learnt["lessons"], learnt["runs_of_the_gate"]) == ([], 1)
    assert json.loads((Path(said["folder"]) / "learnt.json").read_text()) == learnt
    assert learnt["says"] in (Path(said["folder"]) / "report.html").read_text()
    assert learnt["says"] in run(*asked).stdout
