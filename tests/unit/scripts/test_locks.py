"""The locks: they hold what `pyproject.toml` asks for, with hashes, and name no index."""

import re
import tomllib
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[3]
LOCKS = ("run", "dev", "build")
_PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;\\]+)", re.MULTILINE)
_NEED = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?:==(?P<version>\S+))?$")


def pins(lock: str) -> dict[str, str]:
    text = (PROJECT / f"requirements/{lock}.txt").read_text()
    return {plain(found["name"]): found["version"] for found in _PIN.finditer(text)}


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def needs(*names: str) -> dict[str, str | None]:
    """What a list in `pyproject.toml` asks for: exact versions, or none where any will do."""
    found = [_NEED.match(name) for name in names]
    assert all(found), f"every need is `name==version`: {names}"
    return {plain(need["name"]): need["version"] for need in found if need}


def project() -> dict[str, list[str]]:
    content = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    needed: list[str] = content["project"]["dependencies"]
    return {
        "run": needed,
        "dev": needed + content["project"]["optional-dependencies"]["dev"],
        "build": content["build-system"]["requires"],
    }


@pytest.mark.parametrize("lock", LOCKS)
def test_the_lock_holds_what_the_project_asks_for(lock: str) -> None:
    locked = pins(lock)
    wrong = {
        name: (version, locked.get(name))
        for name, version in needs(*project()[lock]).items()
        if name not in locked or version not in (None, locked[name])
    }
    assert not wrong, f"pyproject.toml and requirements/{lock}.txt disagree; run scripts/lock: {wrong}"


def test_the_locks_agree_where_they_name_the_same_package() -> None:
    development = pins("dev")
    for lock in ("run", "build"):
        for name, version in pins(lock).items():
            assert development.get(name, version) == version, f"{name} differs between {lock} and dev"
    assert pins("run").keys() <= development.keys()


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_a_hash(lock: str) -> None:
    text = (PROJECT / f"requirements/{lock}.txt").read_text().replace("\\\n", " ")
    for line in filter(None, map(str.strip, text.splitlines())):
        assert "--hash=sha256:" in line, line


def test_no_lock_names_an_index_or_an_address() -> None:
    for file in (*(PROJECT / "requirements").iterdir(), PROJECT / "pyproject.toml"):
        assert not re.search(r"://|--index|--extra-index|--find-links|\bfile:", file.read_text()), file
    assert not (PROJECT / "uv.lock").exists(), "uv.lock records where it was made; use scripts/lock"
