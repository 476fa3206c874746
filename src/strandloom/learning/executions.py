"""The tables of execution: orders with their yardsticks, running sums by way of sending, closed trades."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from strandloom.blackboard.strand import Write
from strandloom.blackboard.tables import Row, Table, Tables
from strandloom.blackboard.writes import look, write

Asked = Mapping[str, Any]
HOUR_S = 3_600
NEWEST = 32  # client order ids that a sum remembers
SUMS = (
    *("orders", "measured", "wins", "rejected", "doubted", "share", "executed", "slippage_bps", "fee_bps"),
    *("saved_bps", "saved_sq", "answered", "answer_s", "weight", "trades", "held_share"),
)
_LIVE = {"sent_s": None, "acknowledged_s": None, "doubted": None, "filled_at": None}
_OPEN = dict.fromkeys(("state", "filled", "average_price", "paid_usd", "slippage_bps", "saved_bps"))


def way_key(venue: str, style: str, volatility: str) -> str:
    """The key of the sums that plans ask for: what sending so has come to."""
    return f"{venue}|{style}|{volatility}"


def mark(cloid: str, **known: float | str | None) -> Write:
    """Something is known of an order that lives: `sent_s`, `acknowledged_s`, `doubted`, `filled_at`."""
    return Write(name="execution.mark", values={"cloid": cloid, **known})


def told(key: str, **flags: str | int | None) -> Write:
    """Something was told of a way of sending: `doubt`, `learnt`."""
    return Write(name="execution.told", values={"key": key, **flags})


@write("execution.begin")
def _begin(tables: Tables, asked: Asked) -> bool:
    orders = tables["execution_orders"]
    if asked["cloid"] not in orders:
        orders.put(asked["cloid"], {**asked, **_LIVE, **_OPEN, "closed_at": None})
        _put_under(tables["execution_by_trade"], asked["trade"], asked["cloid"])
    return True


@write("execution.mark")
def _mark(tables: Tables, asked: Asked) -> bool:
    row = tables["execution_orders"].get(asked["cloid"])
    if row is not None:
        new = {name: value for name, value in asked.items() if row[name] is None and value is not None}
        tables["execution_orders"].put(asked["cloid"], {**row, **new})
    return True


@write("execution.end")
def _end(tables: Tables, asked: Asked) -> bool:
    """An order ends once; only then do the sums move."""
    row = tables["execution_orders"].get(asked["cloid"])
    if row is None or row["closed_at"] is not None:
        return True
    result = {name: asked[name] for name in (*_OPEN, "closed_at")}
    tables["execution_orders"].put(asked["cloid"], {**row, **result})
    _put_under(tables["execution_closed_by_hour"], _hour(asked["closed_at"]), asked["cloid"])
    _add(tables["execution_sums"], asked["sums"], asked["cloid"])
    return True


@write("execution.trade")
def _trade(tables: Tables, asked: Asked) -> bool:
    if asked["decision"] not in tables["execution_trades"]:
        row = {name: value for name, value in asked.items() if name != "sums"}
        tables["execution_trades"].put(asked["decision"], row)
        _put_under(tables["execution_trades_by_hour"], _hour(asked["closed_at"]), asked["decision"])
        _add(tables["execution_sums"], asked["sums"], None)
    return True


@write("execution.told")
def _told(tables: Tables, asked: Asked) -> bool:
    row = tables["execution_sums"].get(asked["key"]) or _empty(asked["key"])
    doubt = asked["doubt"] if "doubt" in asked else row["doubt"]
    learnt = max(row["learnt"], asked.get("learnt") or 0)
    tables["execution_sums"].put(asked["key"], {**row, "doubt": doubt, "learnt": learnt})
    return True


@look("execution.order")
def _order(tables: Tables, asked: Asked) -> Sequence[Row]:
    row = tables["execution_orders"].get(asked["cloid"])
    return [row] if row else []


@look("execution.of")
def _of(tables: Tables, asked: Asked) -> Sequence[Row]:
    """The orders of one trade, oldest first."""
    found = (
        tables["execution_orders"].get(name) for name in _under(tables["execution_by_trade"], asked["trade"])
    )
    return sorted(_there(found), key=lambda row: (datetime.fromisoformat(row["wanted_at"]), row["cloid"]))


@look("execution.sums")
def _sums(tables: Tables, asked: Asked) -> Sequence[Row]:
    sums = tables["execution_sums"]
    return [row for key in sorted(set(asked["keys"])) if (row := sums.get(key)) is not None]


@look("execution.venues")
def _venues(tables: Tables, asked: Asked) -> Sequence[Row]:
    return [row for key, row in sorted(tables["execution_sums"].rows()) if "|" not in key]


@look("execution.trades")
def _trades(tables: Tables, asked: Asked) -> Sequence[Row]:
    """Those that closed in a span, `since` included and `until` not."""
    return _between(tables, "execution_trades_by_hour", "execution_trades", "decision", asked)


@look("execution.closed")
def _closed(tables: Tables, asked: Asked) -> Sequence[Row]:
    """Orders that ended in a span."""
    return _between(tables, "execution_closed_by_hour", "execution_orders", "cloid", asked)


def _between(tables: Tables, index: str, table: str, name: str, asked: Asked) -> Sequence[Row]:
    since, until = datetime.fromisoformat(asked["since"]), datetime.fromisoformat(asked["until"])
    hours = range(_hour(asked["since"]), _hour(asked["until"]) + 1)
    rows = _there(tables[table].get(key) for hour in hours for key in _under(tables[index], hour))
    found = [(datetime.fromisoformat(row["closed_at"]), row[name], row) for row in rows]
    inside = [one for one in found if since <= one[0] < until]
    return [row for _, _, row in sorted(inside, key=lambda one: one[:2])]


def _add(table: Table[str], sums: Iterable[Asked], cloid: str | None) -> None:
    for more in sums:
        row = table.get(more["key"]) or _empty(more["key"])
        added = {name: row[name] + more[name] for name in SUMS if name in more}
        newest = [*row["newest"], cloid][-NEWEST:] if cloid else row["newest"]
        table.put(more["key"], {**row, **added, "newest": newest})


def _empty(key: str) -> Row:
    return {"key": key, **dict.fromkeys(SUMS, 0.0), "newest": [], "doubt": None, "learnt": 0}


def _put_under(table: Table[Any], key: Any, name: str) -> None:
    table.put(key, {"names": (*_under(table, key), name)})


def _under(table: Table[Any], key: Any) -> tuple[str, ...]:
    row = table.get(key)
    return row["names"] if row else ()


def _there(rows: Iterable[Row | None]) -> list[Row]:
    return [row for row in rows if row is not None]


def _hour(at: str) -> int:
    return int(datetime.fromisoformat(at).timestamp()) // HOUR_S


def uuid_or_none(value: Any) -> UUID | None:
    """A column that may be empty."""
    return UUID(str(value)) if value is not None else None
