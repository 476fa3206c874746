"""The tables of the books: transactions and running balances, with their named writes and looks."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from strandloom.basics.iso import iso
from strandloom.blackboard.strand import Write, new_write
from strandloom.blackboard.tables import Row, Tables
from strandloom.blackboard.writes import look, write
from strandloom.ledger.entry import Account, Entry, Nature, Source, Transaction

PAGE = 10_000
HOUR_S = 3_600
Asked = Mapping[str, Any]


def booked(transaction: Transaction, source: Source) -> Write:
    """The write `ledger.book`."""
    return new_write(
        name="ledger.book",
        values={
            "venue": transaction.venue,
            "what": transaction.what,
            "symbol": transaction.symbol,
            "at": iso(transaction.at),
            "tid": transaction.tid,
            "source": source,
            **transaction.details,
            "entries": [_row(entry) for entry in transaction.entries],
        },
    )


def _row(entry: Entry) -> dict[str, object]:
    nature, symbol = _of_account(entry.account)
    return {
        "account": entry.account,
        "nature": nature,
        "symbol": symbol,
        "usd": str(entry.usd),
        "quantity": str(entry.quantity),
    }


@lru_cache(maxsize=4096)
def _of_account(name: str) -> tuple[Nature, str | None]:
    account = Account(name=name)
    return account.nature, account.symbol


@write("ledger.book")
def _book(tables: Tables, asked: Asked) -> bool:
    """Once per (venue, what, symbol, at, tid); the balances move with it."""
    at = datetime.fromisoformat(asked["at"])
    key = (asked["venue"], asked["what"], asked["symbol"], at, asked["tid"])
    if key in tables["ledger_transactions"]:
        return True
    tables["ledger_transactions"].put(key, {**asked, "at": iso(at)})
    for entry in asked["entries"]:
        _move(tables, asked["venue"], entry)
    hour = (asked["venue"], int(at.timestamp()) // HOUR_S)
    before = tables["ledger_hours"].get(hour)
    tables["ledger_hours"].put(hour, {"keys": (*(before["keys"] if before else ()), key)})
    _begin(tables, asked["venue"], asked["what"], at)
    return True


def _begin(tables: Tables, venue: str, what: str, at: datetime) -> None:
    books = tables["ledger_books"]
    row = books.get(venue)
    earlier = row is None or at < datetime.fromisoformat(row["begun_at"])
    if row is None:
        row = {"venue": venue, "opened_at": None}
    if what == "opening":
        row = {**row, "opened_at": at.isoformat()}
    if earlier:
        row = {**row, "begun_at": at.isoformat()}
    if row is not books.get(venue):
        books.put(venue, row)


def _move(tables: Tables, venue: str, entry: Asked) -> None:
    accounts, name = tables["ledger_accounts"], (venue, entry["account"])
    usd, quantity = entry["usd"], entry["quantity"]
    if before := accounts.get(name):
        usd = str(Decimal(before["usd"]) + Decimal(usd))
        quantity = str(Decimal(before["quantity"]) + Decimal(quantity))
    accounts.put(
        name,
        {
            "venue": venue,
            "account": entry["account"],
            "nature": entry["nature"],
            "symbol": entry["symbol"],
            "usd": usd,
            "quantity": quantity,
        },
    )


@look("ledger.balances")
def _balances(tables: Tables, asked: Asked) -> Sequence[Row]:
    """Every account of a venue with its balance; without a venue, of all."""
    rows = (row for _, row in tables["ledger_accounts"].rows())
    found = [row for row in rows if asked.get("venue") in (None, row["venue"])]
    return sorted(found, key=lambda row: (row["venue"], row["account"]))[:PAGE]


@look("ledger.since")
def _since(tables: Tables, asked: Asked) -> Sequence[Row]:
    """What was booked of a venue from a moment on, oldest first."""
    since, until = datetime.fromisoformat(asked["since"]), datetime.fromisoformat(asked["until"])
    hours = range(int(since.timestamp()) // HOUR_S, int(until.timestamp()) // HOUR_S + 1)
    rows = [tables["ledger_hours"].get((asked["venue"], hour)) for hour in hours]
    keys = [key for row in rows if row for key in row["keys"] if since <= key[3] <= until]
    names = ("venue", "what", "symbol", "at", "tid")
    found = [dict(zip(names, key, strict=True)) for key in sorted(keys, key=lambda k: (k[3], k[1:3], k[4]))]
    return [{**row, "at": row["at"].isoformat()} for row in found[:PAGE]]


@look("ledger.books")
def _books(tables: Tables, asked: Asked) -> Sequence[Row]:
    """When the books of a venue begin and when they were opened; nothing before the first booking."""
    row = tables["ledger_books"].get(asked["venue"])
    return [row] if row else []
