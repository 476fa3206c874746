"""A named write and a look for the tests: taking from a limited pot, once per key.

`take` is conditional (never more than the limit in total) and idempotent (a key takes once).  Their SQL
halves are in takes.sql.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from strandloom.blackboard.strand import Write
from strandloom.blackboard.tables import Row, Tables
from strandloom.blackboard.writes import look, write


@write("t.take")
def take(tables: Tables, values: Mapping[str, Any]) -> bool:
    takes = tables["t_takes"]
    if values["key"] in takes:
        return True
    taken = sum(row["n"] for _, row in takes.rows() if row["pot"] == values["pot"])
    if taken + values["n"] > values["limit"]:
        return False
    takes.put(values["key"], {"key": values["key"], "pot": values["pot"], "n": values["n"]})
    return True


@look("t.taken")
def taken(tables: Tables, values: Mapping[str, Any]) -> Sequence[Row]:
    rows = [row for _, row in tables["t_takes"].rows() if row["pot"] == values["pot"]]
    return sorted(rows, key=lambda row: str(row["key"]))


def a_take(key: str, n: int = 1, *, pot: str = "pot", limit: int = 10) -> Write:
    return Write(name="t.take", values={"key": key, "pot": pot, "n": n, "limit": limit})
