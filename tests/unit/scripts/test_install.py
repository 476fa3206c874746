"""`scripts/install`: installs a locked set once, again after a change, and never half."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[3]
UV = """#!/bin/sh
case "$1" in --version) exit 0 ;; esac
echo "$@" >>"$CALLS"
[ "$1" != venv ] || { mkdir -p .venv/bin && ln -sf "$REAL_PYTHON" .venv/bin/python; }
[ ! -e "$CALLS.broken" ] || exit 1
"""


class Copy:
    """A copy of what the script reads, with a stand-in for uv that writes down how it is called."""

    def __init__(self, root: Path) -> None:
        self.root = root / "project"
        for folder in ("scripts", "requirements"):
            shutil.copytree(PROJECT / folder, self.root / folder)
        shutil.copy(PROJECT / "pyproject.toml", self.root)
        self.calls = root / "calls"
        tools = root / "tools"
        tools.mkdir()
        (tools / "uv").write_text(UV)
        (tools / "uv").chmod(0o755)
        (tools / "python3").symlink_to(sys.executable)
        self.environment = {
            "PATH": f"{tools}:/usr/bin:/bin",
            "CALLS": str(self.calls),
            "REAL_PYTHON": sys.executable,
        }

    def install(
        self, name: str = "run", *, as_nobody: bool = False, **more: str
    ) -> subprocess.CompletedProcess[str]:
        self.calls.write_text("")
        return subprocess.run(  # noqa: S603 - our own script
            [str(self.root / "scripts/install"), name],
            env=self.environment | more,
            cwd=self.root,
            capture_output=True,
            text=True,
            check=False,
            user="nobody" if as_nobody else None,
        )

    def called(self) -> list[str]:
        return self.calls.read_text().splitlines()


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path)


def test_the_first_start_installs_the_lock_by_hash_and_the_project_without_its_needs(copy: Copy) -> None:
    assert copy.install().returncode == 0
    venv, locked, project = copy.called()
    assert venv.startswith("venv ")
    assert "--require-hashes" in locked
    assert "requirements/build.txt" in locked
    assert "requirements/run.txt" in locked
    assert "--no-deps --no-build-isolation" in project


def test_the_second_start_installs_nothing_and_says_nothing(copy: Copy) -> None:
    copy.install()
    again = copy.install()
    assert (again.returncode, again.stdout + again.stderr, copy.called()) == (0, "", [])


def test_a_changed_lock_is_installed_again(copy: Copy) -> None:
    copy.install()
    with (copy.root / "requirements/run.txt").open("a") as lock:
        lock.write("# changed\n")
    copy.install()
    assert any("requirements/run.txt" in call for call in copy.called())


def test_the_development_set_also_serves_the_run(copy: Copy) -> None:
    copy.install("dev")
    copy.install("run")
    assert copy.called() == []


def test_the_run_time_set_does_not_serve_development(copy: Copy) -> None:
    copy.install("run")
    copy.install("dev")
    assert any("requirements/dev.txt" in call for call in copy.called())


def test_an_installation_that_broke_is_done_again(copy: Copy) -> None:
    broken = copy.calls.with_name("calls.broken")
    broken.touch()
    assert copy.install().returncode == 3
    broken.unlink()
    assert copy.install().returncode == 0
    assert len(copy.called()) >= 2


def test_without_a_right_python_it_says_which_are(copy: Copy) -> None:
    found = copy.install(STRANDLOOM_PYTHON="no-such-python")
    assert found.returncode == 3
    assert "Strandloom needs Python 3.11, 3.12 or 3.13" in found.stderr


def test_a_folder_that_cannot_be_written_to_is_named() -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        copy = Copy(Path(folder))
        copy.root.chmod(0o555)
        found = copy.install(as_nobody=os.geteuid() == 0)  # root may write everywhere
        copy.root.chmod(0o755)
    assert found.returncode == 3
    assert str(copy.root) in found.stderr
