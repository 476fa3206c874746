"""Named queries: found by room and heading, refused by name."""

import re
from pathlib import Path

import pytest

from strandloom.basics import paths
from strandloom.basics.errors import BadInput
from strandloom.store import queries

TEXT = """What the room asks.

-- first --
-- One sentence.
select 1;

-- second, repeatable --
select 2;
"""


def test_headings_part_a_file_into_queries() -> None:
    found = queries.parse("room", TEXT)
    assert list(found) == ["room.first", "room.second"]
    assert found["room.first"].sql == "-- One sentence.\nselect 1;"
    assert [query.repeatable for query in found.values()] == [False, True]


def test_a_heading_that_comes_twice_is_refused() -> None:
    with pytest.raises(BadInput, match=r"room\.first is there twice in sql/queries/room\.sql"):
        queries.parse("room", TEXT + "-- first --\nselect 3;")


def test_an_unknown_name_is_refused_with_its_neighbours() -> None:
    with pytest.raises(BadInput, match=r"no query 'room\.frist'; near: room\.first"):
        _ = queries.Queries(queries.parse("room", TEXT))["room.frist"]


@pytest.mark.parametrize("file", sorted((paths.sql() / "queries").glob("*.sql")), ids=lambda file: file.stem)
def test_every_heading_is_understood_and_every_query_is_one_statement(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    found = queries.parse(file.stem, text)
    assert len(found) == len(re.findall(r"^--.*--\s*$", text, re.MULTILINE))
    for query in found.values():
        code = re.sub(r"--.*", "", query.sql).strip().removesuffix(";")
        assert code, f"{query.name} is empty"
        assert ";" not in code, f"{query.name} holds more than one statement"
