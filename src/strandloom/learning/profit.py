"""The look `execution.pnl`: what closed trades earned by day, symbol, venue, pattern, plan or lesson."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Literal, get_args

from strandloom.blackboard.tables import Row, Tables
from strandloom.blackboard.writes import look

By = Literal["day", "symbol", "venue", "pattern", "plan", "lesson"]
WAYS: tuple[str, ...] = get_args(By)


@look("execution.pnl")
def _pnl(tables: Tables, asked: Mapping[str, Any]) -> Sequence[Row]:
    """Days newest first, everything else by what it earned."""
    since = datetime.fromisoformat(asked["since"]) if asked.get("since") else None
    groups: dict[str, list[Row]] = {}
    for _, row in tables["execution_trades"].rows():
        if since is None or datetime.fromisoformat(row["closed_at"]) >= since:
            for name in _names(row, asked["by"]):
                groups.setdefault(name, []).append(row)
    found = [_line(name, rows, asked["by"]) for name, rows in sorted(groups.items())]
    found.sort(key=lambda line: line["pnl_usd"], reverse=True)
    if asked["by"] == "day":
        found.sort(key=lambda line: line["name"], reverse=True)
    return [{**line, "pnl_usd": str(line["pnl_usd"])} for line in found[: asked.get("limit") or 100]]


def _names(row: Row, by: str) -> Iterable[str]:
    if by == "day":
        return (datetime.fromisoformat(row["closed_at"]).astimezone(UTC).strftime("%Y-%m-%d"),)
    if by == "lesson":
        return row["lessons"] or ("none",)
    return (row[by] or "none",)


def _line(name: str, rows: Sequence[Row], by: str) -> Row:
    def total(column: str) -> Decimal:
        return sum((Decimal(row[column]) for row in rows), Decimal(0))

    def mean(column: str) -> float | None:
        known = [row[column] for row in rows if row[column] is not None]
        return sum(known) / len(known) if known else None

    return {
        "name": name,
        "trades": len(rows),
        "won": sum(Decimal(row["realised_usd"]) > 0 for row in rows),
        "pnl_usd": total("realised_usd"),
        "fees_usd": str(total("fees_usd")),
        "funding_usd": str(total("funding_usd")),
        "expected_bps": mean("expected_bps"),
        "realised_bps": mean("realised_bps"),
        "idea": min((row["idea"] for row in rows if row["idea"]), default=None) if by == "plan" else None,
    }
