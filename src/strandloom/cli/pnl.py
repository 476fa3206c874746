"""`strandloom pnl`: what closed trades earned, and to whom that belongs."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any

import typer

from strandloom import wiring
from strandloom.basics.errors import BadInput
from strandloom.cli import given, show
from strandloom.cli.post import market_time
from strandloom.learning.profit import WAYS
from strandloom.ledger.books import Books


def pnl(
    by: Annotated[str, typer.Option("--by", help=f"What to add up by: {', '.join(WAYS)}.")] = "day",
    days: Annotated[
        int | None, typer.Option("--days", min=1, max=36_500, help="Only trades closed in so many days.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many lines.")] = 30,
    as_json: show.AsJson = False,
) -> None:
    """Show profit and loss of closed trades, fees and funding included, beside what was expected of them."""
    if by not in WAYS:
        raise BadInput(f"--by is one of {', '.join(WAYS)}, not {by!r}")
    rows, books = asyncio.run(_asked(by, days, limit))
    if as_json:
        show.record({"by": by, "rows": rows, "books": books}, as_json=True)
        return
    show.table([_shown(row, by) for row in rows], as_json=False, empty="no trade has been closed yet")
    for venue, sums in books.items():
        show.sentence(f"the books of {venue}, in USD: {_added_up(sums)}")


async def _asked(by: str, days: int | None, limit: int) -> tuple[Sequence[dict[str, Any]], dict[str, Any]]:
    async with wiring.board(given.settings()) as board:
        since = await market_time(board) - timedelta(days=days) if days else None
        rows = await board.look("execution.pnl", by=by, since=_iso(since), limit=limit)
        balances = await board.look("ledger.balances")
    by_venue: dict[str, list[dict[str, Any]]] = {}
    for row in balances:
        by_venue.setdefault(row["venue"], []).append(row)
    return rows, {venue: _sums(Books.of(mine)) for venue, mine in by_venue.items()}


def _sums(books: Books) -> dict[str, Decimal]:
    """All that the ledger has, whether its trade is closed or not."""
    return {
        "deposits": books.flows_usd,
        "carried": books.total("carried"),
        "realised": books.total("realised"),
        "fees": books.total("fees"),
        "funding": books.total("funding"),
        "settled": books.settled_usd,
    }


def _added_up(sums: dict[str, Decimal]) -> str:
    """What came in less what went out, as a sum that can be checked."""
    parts = [f"deposits {sums['deposits']:,.2f}"]
    if sums["carried"]:
        parts.append(f"earned before these books {sums['carried']:+,.2f}")
    parts += [f"{name} {sums[name]:+,.2f}" for name in ("realised", "funding")]
    return f"{', '.join(parts)}, fees {-sums['fees']:+,.2f}: cash {sums['settled']:,.2f}"


def _shown(row: dict[str, Any], by: str) -> dict[str, Any]:
    name = f"{row['idea']} {row['name'][:8]}" if row["idea"] else row["name"]
    line: dict[str, Any] = {by: name, "trades": row["trades"], "won": row["won"]}
    line |= {
        f"{column}_usd": f"{Decimal(str(row[f'{column}_usd'])):,.2f}" for column in ("pnl", "fees", "funding")
    }
    return line | {f"{column}_bps": _bps(row[f"{column}_bps"]) for column in ("expected", "realised")}


def _bps(value: float | None) -> str | None:
    return None if value is None else f"{value:.1f}"


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
