"""Settings: what wins over what, what is refused, and what is never shown."""

from pathlib import Path

import pytest

from strandloom.basics import log
from strandloom.basics.errors import CannotStart
from strandloom.settings import load, read


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder in which a `.env` is read."""
    monkeypatch.delenv("STRANDLOOM_DOTENV")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_without_any_setting_the_defaults_hold(here: Path) -> None:
    assert load().log_level == "INFO"
    assert read().sources["log_level"] == "default"


def test_command_line_wins_over_environment_over_file_over_default(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / ".env").write_text("LOG_LEVEL=DEBUG\nLOG_FORMAT=json\nDATA_DIR=/from/file\n")
    monkeypatch.setenv("LOG_LEVEL", "WARNING")
    monkeypatch.setenv("LOG_FORMAT", "human")
    found = read({"LOG_LEVEL": "ERROR"})
    assert (found.settings.log_level, found.sources["log_level"]) == ("ERROR", "command line")
    assert (found.settings.log_format, found.sources["log_format"]) == ("human", "environment")
    assert (found.settings.data_dir, found.sources["data_dir"]) == (Path("/from/file"), str(here / ".env"))
    assert found.sources["database_url"] == "default"


def test_the_environment_named_by_strandloom_env_layers_its_own_file_and_defaults(here: Path) -> None:
    (here / ".env").write_text("STRANDLOOM_ENV=prod\nLOG_LEVEL=DEBUG\n")
    assert read().sources["log_format"] == "default for prod"
    (here / ".env.prod").write_text("LOG_LEVEL=ERROR\n")
    found = read()
    assert found.settings.log_level == "ERROR"
    assert found.settings.log_format == "json"
    assert found.sources["log_level"] == str(here / ".env.prod")
    assert load({"STRANDLOOM_ENV": "dev"}).log_level == "DEBUG"


def test_an_unknown_name_in_the_file_is_refused_with_the_name_that_was_meant(here: Path) -> None:
    (here / ".env").write_text("DATABSE_URL=postgres://somewhere\n")
    with pytest.raises(CannotStart, match=r"\.env sets DATABSE_URL.*did you mean DATABASE_URL\?"):
        load()


def test_an_unknown_name_with_our_prefix_in_the_environment_is_refused(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STRANDLOOM_MODE", "prod")
    with pytest.raises(CannotStart, match=r"the environment sets STRANDLOOM_MODE"):
        load()


def test_an_unknown_name_on_the_command_line_is_refused(here: Path) -> None:
    with pytest.raises(CannotStart, match=r"the command line sets LOG_LEVL.*LOG_LEVEL"):
        load({"LOG_LEVL": "DEBUG"})


def test_a_near_miss_in_the_environment_is_doubted_but_does_not_stop(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABSE_URL", "postgres://somewhere")
    assert any("DATABSE_URL" in doubt and "DATABASE_URL" in doubt for doubt in read().doubts)


def test_a_malformed_value_is_refused_with_what_is_allowed(here: Path) -> None:
    with pytest.raises(CannotStart, match=r"LOG_LEVEL \('LOUD' from command line\).*'DEBUG', 'INFO'"):
        load({"LOG_LEVEL": "LOUD"})
    with pytest.raises(CannotStart, match=r"STRANDLOOM_ENV \('stage' .*'dev', 'test' or 'prod'"):
        load({"STRANDLOOM_ENV": "stage"})


def test_an_empty_value_counts_as_not_set(here: Path) -> None:
    (here / ".env").write_text("DATABASE_URL=\n")
    assert load().database_url is None


def test_a_secret_shows_neither_in_its_text_nor_in_the_log(here: Path) -> None:
    settings = load({"DATABASE_URL": "postgresql://me:planted-key-123@db/x"})
    assert "planted-key-123" not in repr(settings)
    assert "planted-key-123" not in log.masked("connecting to postgresql://me:planted-key-123@db/x")


def test_of_an_address_only_the_password_is_hidden(here: Path) -> None:
    load({"DATABASE_URL": "postgresql://me:pl%40nted@db.example/x?sslpassword=second-planted"})
    said = log.masked("db.example refused pl%40nted, pl@nted and second-planted")
    assert said == f"db.example refused {log.MASK}, {log.MASK} and {log.MASK}"


def test_a_named_file_of_settings_is_read_and_a_missing_one_refused(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "mine").write_text("LOG_LEVEL=ERROR\n")
    monkeypatch.setenv("STRANDLOOM_DOTENV", str(here / "mine"))
    assert load().log_level == "ERROR"
    monkeypatch.setenv("STRANDLOOM_DOTENV", str(here / "gone"))
    with pytest.raises(CannotStart, match="is not a file"):
        load()
