"""`strandloom db` as a person uses it: what it prints, and one clear sentence for every way it can fail."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from strandloom.store.embedded import EmbeddedPostgres
from tests.servers import quick
from tests.servers.user import PROJECT


def db(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the family with settings of its own."""
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "strandloom.cli.app", "db", *arguments],
        env=os.environ | {"PYTHONPATH": f"{PROJECT}:{PROJECT / 'src'}", **settings},
        capture_output=True,
        text=True,
        check=False,
        timeout=90,
    )


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """The one sentence of a command that could not begin."""
    assert (done.returncode, done.stdout) == (3, "")
    assert len(done.stderr.splitlines()) == 1, done.stderr
    return done.stderr


def told(server: EmbeddedPostgres, sql: str) -> None:
    """Run a statement as the owner of the server."""
    subprocess.run([server.program("psql"), server.url(), "-qc", sql], check=True)  # noqa: S603 - our own program


def test_status_tells_what_is_missing_and_migrate_brings_it(state_dir: Path) -> None:
    home = str(state_dir / "data")
    before = db("status", "--json", DATA_DIR=home)
    assert before.returncode == 1
    assert {step["state"] for step in json.loads(before.stdout)["migrations"]} == {"pending"}
    assert "20261101000000_roles.sql" in db("migrate", DATA_DIR=home).stdout
    assert db("migrate", "--json", DATA_DIR=home).stdout.strip() == "[]"
    after = db("status", "--json", DATA_DIR=home)
    assert (after.returncode, json.loads(after.stdout)["built_in"]) == (0, True)


def test_the_shell_runs_sql_and_gives_its_exit_code(database_url: str) -> None:
    asked = db("shell", "-Atc", "select count(*) from ad_strands", DATABASE_URL=database_url)
    assert (asked.returncode, asked.stdout) == (0, "0\n")
    assert db("shell", "-c", "select nonsense", DATABASE_URL=database_url).returncode == 1


def test_the_url_can_be_given_to_other_programs(database_url: str) -> None:
    assert db("url", DATABASE_URL=database_url).stdout == f"{database_url}\n"


def test_reset_wants_to_be_meant_and_makes_the_schema_anew(database_url: str) -> None:
    db("shell", "-c", "create table public.mine as select 1", DATABASE_URL=database_url)
    unsure = db("reset", DATABASE_URL=database_url)
    assert (unsure.returncode, "add --yes" in unsure.stderr) == (2, True)
    assert db("reset", "--yes", DATABASE_URL=database_url, STRANDLOOM_ENV="prod").returncode == 2
    assert db("reset", "--yes", DATABASE_URL=database_url).returncode == 0
    tables = db("shell", "-Atc", "select tablename from pg_tables", DATABASE_URL=database_url).stdout.split()
    assert "ad_strands" in tables
    assert "mine" not in tables


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("mysql://me:hush@db/x", "DATABASE_URL must begin with postgresql://"),
        ("postgresql://me:hush@127.0.0.1:1/x", "cannot be reached"),
        ("postgresql://me:hush@no.such.host.invalid/x", "cannot be reached"),
        ("postgresql://me:hush@127.0.0.1:port/x", "DATABASE_URL is not an address"),
    ],
)
def test_a_wrong_address_is_one_sentence_without_the_password(url: str, sentence: str) -> None:
    said = refused(db("status", DATABASE_URL=url))
    assert sentence in said
    assert "hush" not in said


def test_a_wrong_password_and_a_wrong_name_are_one_sentence(state_dir: Path) -> None:
    port = quick.free_port()
    server = quick.server(state_dir, port=port)
    server.start()
    told(server, "create role me login password 'right'")
    place = f"127.0.0.1:{port}"
    said = refused(db("status", DATABASE_URL=f"postgresql://me:wrong-one@{place}/strandloom"))
    assert "refused the user or the password" in said
    assert "wrong-one" not in said
    assert "no such database" in refused(db("status", DATABASE_URL=f"postgresql://me:right@{place}/nowhere"))
    server.stop()


def test_a_database_that_may_not_be_changed_is_one_sentence(state_dir: Path) -> None:
    """A user without rights: the first migration says what is denied."""
    server = quick.server(state_dir)
    server.start()
    told(server, "create role reader login")
    said = refused(db("migrate", DATABASE_URL=server.url().replace("postgres@", "reader@")))
    assert "permission denied" in said
    server.stop()


def test_a_folder_that_cannot_be_used_is_one_sentence(state_dir: Path, small_disk: Path) -> None:
    (state_dir / "file").write_text("")
    assert "choose another with DATA_DIR" in refused(db("status", DATA_DIR=str(state_dir / "file")))
    (small_disk / "filler").write_bytes(b"\0" * 90_000_000)
    assert "No space left on device" in refused(db("status", DATA_DIR=str(small_disk / "data")))
