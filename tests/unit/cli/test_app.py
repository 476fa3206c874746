"""The command line's shell: help, versions, lists, JSON, and how each failure ends."""

import asyncio
import json
import os
import subprocess
import sys

import pytest
from loguru import logger

from strandloom.basics.errors import BadInput, CannotStart, Halt
from strandloom.cli import app, ending


def ended(monkeypatch: pytest.MonkeyPatch, *args: str) -> int:
    """Run the command line as a shell would and give its exit code."""
    monkeypatch.setattr("sys.argv", ["strandloom", *args])
    with pytest.raises(SystemExit) as stop:
        app.main()
    return int(stop.value.code or 0)


def test_help_lists_every_command_and_the_exit_codes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(monkeypatch, "--help") == 0
    text = capsys.readouterr().out
    assert all(name in text for name in app.COMMANDS)
    assert "Exit codes" in text


def test_every_command_can_be_loaded_and_explains_itself(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in app.COMMANDS:
        assert ended(monkeypatch, name, "--help") == 0
        assert name in capsys.readouterr().out


def test_an_unknown_command_is_answered_with_the_one_that_was_meant(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(monkeypatch, "confg") == ending.WRONG_INPUT
    assert "Did you mean 'config'?" in capsys.readouterr().err


def test_config_prints_values_sources_and_no_secret(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:planted@db/x")
    assert ended(monkeypatch, "--set", "LOG_LEVEL=DEBUG", "config", "--json") == 0
    text = capsys.readouterr().out
    rows = {row["setting"]: row for row in json.loads(text)}
    assert (rows["LOG_LEVEL"]["value"], rows["LOG_LEVEL"]["from"]) == ("DEBUG", "command line")
    assert rows["DATABASE_URL"]["from"] == "environment"
    assert "planted" not in text


def test_a_command_logs_warnings_only_unless_told_otherwise(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for given, expected in (((), False), (("--set", "LOG_LEVEL=INFO"), True)):
        assert ended(monkeypatch, *given, "config") == 0
        logger.info("loaded")
        assert ("loaded" in capsys.readouterr().err) is expected


def test_a_bad_setting_ends_with_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(monkeypatch, "--set", "LOG_LEVEL=LOUD", "config") == ending.CANNOT_START
    text = capsys.readouterr()
    assert text.out == ""
    assert text.err.count("\n") == 1


def test_an_unknown_measurement_is_wrong_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(monkeypatch, "bench", "no-such-part") == ending.WRONG_INPUT
    assert "no-such-part" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (BadInput("say it so"), ending.WRONG_INPUT),
        (CannotStart("say it so"), ending.CANNOT_START),
        (Halt("say it so"), ending.ANSWER_IS_NO),
        (OSError(28, "No space left on device"), ending.CANNOT_START),
        (ExceptionGroup("two", [BadInput("say it so"), BadInput("say it so")]), ending.WRONG_INPUT),
        (KeyboardInterrupt(), ending.STOPPED),
    ],
)
def test_an_expected_failure_ends_with_its_code_and_at_most_one_sentence(
    error: BaseException, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise error

    with pytest.raises(SystemExit) as stop:
        ending.supervised(fail)
    assert stop.value.code == code
    assert capsys.readouterr().err.count("\n") == (0 if code == ending.STOPPED else 1)


async def test_a_port_in_use_is_named() -> None:
    server = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(OSError) as taken:
            await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", port)
    said = ending.sentence(taken.value)
    assert said is not None
    assert str(port) in said
    assert "choose another" in said


def test_a_fault_of_ours_shows_its_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    def fault() -> None:
        raise IndexError("a list was too short")

    with pytest.raises(SystemExit) as stop:
        ending.supervised(fault)
    assert stop.value.code == ending.FAULT
    assert "IndexError" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ([], ["run"]),
        (["--teams", "trader"], ["run", "--teams", "trader"]),
        (["--set", "A=1"], ["--set", "A=1", "run"]),
        (["--set", "A=1", "config"], ["--set", "A=1", "config"]),
        (["--set=A=1", "--teams", "trader"], ["--set=A=1", "run", "--teams", "trader"]),
        (["config"], ["config"]),
        (["--help"], ["--help"]),
        (["--version"], ["--version"]),
    ],
)
def test_without_a_command_the_service_is_meant(given: list[str], meant: list[str]) -> None:
    assert app.with_default(given, "run") == meant


def test_the_command_line_starts_without_loading_what_only_some_commands_need() -> None:
    heavy = {"asyncpg", "httpx", "matplotlib", "numpy", "openai", "pyarrow", "rich", "scipy", "talib"}
    code = f"import sys; from strandloom.cli import app; print(sorted({heavy} & set(sys.modules)))"
    places = {"PYTHONPATH": os.pathsep.join(sys.path)}
    found = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", code], env=os.environ | places, capture_output=True, text=True, check=True
    )
    assert found.stdout == "[]\n"
