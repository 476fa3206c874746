"""The folder of migrations against a database's ledger."""

from pathlib import Path

import pytest

from strandloom.basics.errors import CannotStart
from strandloom.store import migrations
from strandloom.store.migrations import Migration, Status, compare

ONE = Migration(version="20260101000000", name="one", sql="select 1;")
TWO = Migration(version="20260102000000", name="two", sql="select 2;")


def test_each_migration_is_applied_pending_edited_or_unknown() -> None:
    recorded = {ONE.version: ONE.checksum, TWO.version: "another", "20270101000000": "x"}
    late = Migration(version="20250101000000", name="late", sql="")
    assert compare([ONE, TWO, late], recorded) == [
        Status(file=late.file, state="pending"),
        Status(file=ONE.file, state="applied"),
        Status(file=TWO.file, state="edited"),
        Status(file="20270101000000", state="unknown"),
    ]


def test_what_the_supabase_cli_recorded_has_no_checksum_and_counts_as_applied() -> None:
    assert compare([ONE], {ONE.version: ""}) == [Status(file=ONE.file, state="applied")]


def test_line_endings_do_not_change_a_checksum(tmp_path: Path) -> None:
    unix, windows = tmp_path / "20260101000000_a.sql", tmp_path / "20260102000000_b.sql"
    unix.write_bytes(b"select 1;\nselect 2;\n")
    windows.write_bytes(b"select 1;\r\nselect 2;\r\n")
    first, second = migrations.load(tmp_path)
    assert first.checksum == second.checksum


def test_a_file_with_another_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / "1_first.sql").write_text("select 1;")
    with pytest.raises(CannotStart, match=r"1_first\.sql is not named like 20261101000000_what_it_does\.sql"):
        migrations.load(tmp_path)


def test_no_two_migrations_share_a_number() -> None:
    versions = [step.version for step in migrations.load()]
    assert len(versions) == len(set(versions))


def test_two_files_with_one_number_are_refused(tmp_path: Path) -> None:
    for name in ("20260101000000_a.sql", "20260101000000_b.sql"):
        (tmp_path / name).write_text("select 1;")
    with pytest.raises(CannotStart, match=r"_a\.sql and 20260101000000_b\.sql have the same number"):
        migrations.load(tmp_path)
