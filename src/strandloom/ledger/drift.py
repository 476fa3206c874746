"""What every reconciliation found: its table, the symbols that are unexplained now, their write and looks."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from strandloom.blackboard.desk import Looks
from strandloom.blackboard.strand import Write
from strandloom.blackboard.tables import Row, Tables
from strandloom.blackboard.writes import look, write
from strandloom.kinds.reconciliation import Reconciliation

Asked = Mapping[str, Any]


def reconciled(body: Reconciliation, strand: UUID, at: datetime) -> Write:
    """Keep what was found; `strand` asked for it."""
    return Write(
        name="ledger.reconciled",
        values={
            "venue": body.venue,
            "at": at.isoformat(),
            "strand": str(strand),
            "agrees": body.agrees,
            "drift_usd": str(body.drift_usd),
            "books_cash_usd": str(body.books_cash_usd),
            "venue_cash_usd": str(body.venue_cash_usd),
            "booked": body.booked_fills + body.booked_fundings,
            "unexplained": list(body.unexplained),
        },
    )


async def unexplained(looks: Looks, venue: str) -> frozenset[str]:
    """The symbols of a venue on which nothing new may be opened, because the books differ there."""
    return frozenset([row["symbol"] for row in await looks.look("ledger.unexplained", venue=venue)])


@write("ledger.reconciled")
def _reconciled(tables: Tables, asked: Asked) -> bool:
    """Kept once; what is unexplained follows the newest reconciliation of the venue."""
    key = (asked["venue"], asked["at"], asked["strand"])
    if key not in tables["ledger_reconciliations"]:
        tables["ledger_reconciliations"].put(key, dict(asked))
    newest = tables["ledger_newest"].get(asked["venue"])
    if newest and datetime.fromisoformat(newest["at"]) > datetime.fromisoformat(asked["at"]):
        return True
    tables["ledger_newest"].put(asked["venue"], {"at": asked["at"]})
    table, wanted = tables["ledger_unexplained"], set(asked["unexplained"])
    for name in [name for name, _ in table.rows() if name[0] == asked["venue"] and name[1] not in wanted]:
        table.remove(name)
    for symbol in sorted(wanted):
        if (asked["venue"], symbol) not in table:
            row = {"venue": asked["venue"], "symbol": symbol, "since": asked["at"]}
            table.put((asked["venue"], symbol), row)
    return True


@look("ledger.drift")
def _drift(tables: Tables, asked: Asked) -> Sequence[Row]:
    """The newest reconciliations first."""
    rows = [row for _, row in tables["ledger_reconciliations"].rows()]
    mine = [row for row in rows if asked.get("venue") in (None, row["venue"])]
    return sorted(mine, key=lambda row: datetime.fromisoformat(row["at"]), reverse=True)[
        : asked.get("limit") or 100
    ]


@look("ledger.unexplained")
def unexplained_rows(tables: Tables, asked: Asked) -> Sequence[Row]:
    """Of one venue, or without one of all."""
    rows = [row for _, row in tables["ledger_unexplained"].rows()]
    if not rows:
        return rows
    mine = [row for row in rows if asked.get("venue") in (None, row["venue"])]
    return sorted(mine, key=lambda row: (row["venue"], row["symbol"]))
