"""Named queries: `sql/queries/<room>.sql`, each under a `-- name --` heading, called as "room.name"."""

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from strandloom.basics import paths
from strandloom.basics.errors import BadInput

_HEADING = re.compile(r"^-- (?P<name>[a-z][a-z0-9_]*)(?P<repeatable>, repeatable)? --$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One statement; a repeatable one may be sent again when the connection broke while it ran."""

    name: str
    sql: str
    repeatable: bool


class Queries:
    """All named queries of a folder."""

    def __init__(self, queries: Mapping[str, Query]) -> None:
        self._queries = dict(queries)

    def __getitem__(self, name: str) -> Query:
        try:
            return self._queries[name]
        except KeyError:
            near = difflib.get_close_matches(name, self._queries, n=3)
            raise BadInput(
                f"there is no query {name!r}; {'near: ' + ', '.join(near) if near else 'see sql/queries'}"
            ) from None

    def __iter__(self) -> Iterator[Query]:
        return iter(self._queries.values())


def parse(room: str, text: str) -> dict[str, Query]:
    """The queries of one file; what stands before the first heading is its introduction."""
    found: dict[str, Query] = {}
    headings = list(_HEADING.finditer(text))
    ends = [heading.start() for heading in headings[1:]] + [len(text)]
    for heading, end in zip(headings, ends, strict=True):
        name = f"{room}.{heading['name']}"
        if name in found:
            raise BadInput(f"the query {name} is there twice in sql/queries/{room}.sql")
        sql = text[heading.end() : end].strip()
        found[name] = Query(name=name, sql=sql, repeatable=bool(heading["repeatable"]))
    return found


@lru_cache
def load(folder: Path | None = None) -> Queries:
    """Read every file of the folder, once."""
    found: dict[str, Query] = {}
    for file in sorted((folder or paths.sql() / "queries").glob("*.sql")):
        found |= parse(file.stem, file.read_text(encoding="utf-8"))
    return Queries(found)
