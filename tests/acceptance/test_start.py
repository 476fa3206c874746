"""Starting the service as a person does: what it prints, how it stops, what it says when it cannot."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
START = [sys.executable, "-P", "-m", "src.main"]


def environment(**settings: str) -> dict[str, str]:
    return os.environ | {"PYTHONPATH": f"{PROJECT}:{PROJECT / 'src'}", **settings}


def started(**settings: str) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - our own program
        START, env=environment(**settings), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def until_ready(service: subprocess.Popen[str]) -> str:
    """The first screen; reading ends where the program says how to stop it."""
    assert service.stdout is not None
    screen = ""
    for line in service.stdout:
        screen += line
        if line.startswith("stop\t"):
            return screen
    raise AssertionError(f"it ended before it was ready: {service.communicate()[1]}")


def refused(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own program
        [*START, *arguments],
        env=environment(**settings),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A folder that the embedded server's account may enter, unlike pytest's own."""
    with tempfile.TemporaryDirectory(prefix="strandloom-start-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder) / "data"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_is_and_stops_cleanly_on_a_signal(database_url: str, number: signal.Signals) -> None:
    service = started(DATABASE_URL=database_url)
    screen = until_ready(service)
    service.send_signal(number)
    out, _ = service.communicate(timeout=60)
    assert "ready" in screen.splitlines()[0]
    assert "PostgreSQL" in screen
    assert "db shell" in screen
    assert out.endswith("stopped cleanly\n")
    assert service.returncode == 0


def test_it_brings_its_own_database_and_finds_it_again_after_a_kill(data_dir: Path) -> None:
    service = started(DATA_DIR=str(data_dir))
    assert str(data_dir) in until_ready(service)
    service.kill()
    service.communicate(timeout=60)
    again = started(DATA_DIR=str(data_dir))
    until_ready(again)
    again.terminate()
    assert "stopped cleanly" in again.communicate(timeout=60)[0]
    assert not (data_dir / "postgres/cluster/postmaster.pid").exists()


def test_with_arguments_it_is_the_command_line() -> None:
    found = refused("--version")
    assert (found.returncode, found.stderr) == (0, "")
    assert found.stdout.strip().count(".") == 2


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"DATABASE_URL": "postgresql://me@127.0.0.1:1/none", "START_PATIENCE_S": "0"}, "127.0.0.1:1"),
        ({"DATABASE_URL": "mysql://me@127.0.0.1/none"}, "DATABASE_URL"),
        ({"DATA_DIR": "/proc/strandloom"}, "/proc/strandloom"),
        ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL"),
        ({"STRANDLOOM_MODE": "fast"}, "STRANDLOOM_MODE"),
    ],
)
def test_what_stops_a_start_is_one_sentence_that_names_it(settings: dict[str, str], named: str) -> None:
    found = refused(**settings)
    assert found.returncode == 3
    assert found.stdout == ""
    assert found.stderr.count("\n") == 1, found.stderr
    assert named in found.stderr


def test_without_the_packages_it_says_what_installs_them(tmp_path: Path) -> None:
    found = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-I", "-S", "-c", f"import runpy; runpy.run_path({str(PROJECT / 'src/main.py')!r})"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert found.returncode == 3
    assert "scripts/run" in found.stderr
    assert found.stderr.count("\n") == 1


def test_the_script_finds_the_project_from_anywhere_also_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools/strandloom").symlink_to(Path("../scripts/run"))
    for name in ("scripts/run", "scripts/install", ".venv/bin/python"):
        copy = tmp_path / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text((PROJECT / name).read_text() if name == "scripts/run" else _ECHO)
        copy.chmod(0o755)
    found = subprocess.run(  # noqa: S603 - our own script
        [str(tmp_path / "tools/strandloom"), "db", "two words"],
        capture_output=True,
        text=True,
        check=True,
        cwd="/",
    )
    installed, started_with, *_ = found.stdout.splitlines()
    assert installed == f"{tmp_path}/scripts/install [run]"
    assert started_with == f"{tmp_path}/.venv/bin/python [-P] [-m] [src.main] [db] [two words]"


_ECHO = """#!/bin/sh
printf '%s' "$0"; printf ' [%s]' "$@"; echo
"""
