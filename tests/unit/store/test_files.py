"""The migration files: each may be run over again, which the Supabase CLI and an interrupted start do."""

import re
from pathlib import Path

import pytest

FILES = sorted((Path(__file__).resolve().parents[3] / "sql/migrations").glob("*.sql"))
_ONCE_ONLY = re.compile(
    r"^create (?!or replace |(unique )?(table|index|schema|sequence)( concurrently)? if not exists )"
    r"(unique )?(table|index|schema|sequence|function|procedure|view|trigger)\b.*",
    re.MULTILINE | re.IGNORECASE,
)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_migration_creates_nothing_that_a_second_run_would_trip_over(file: Path) -> None:
    found = [match[0] for match in _ONCE_ONLY.finditer(file.read_text())]
    assert found == [], "write `if not exists` or `or replace`"
