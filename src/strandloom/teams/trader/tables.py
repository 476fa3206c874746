"""The Trader's books: orders, trades, and how far each venue's fills were read; their writes and looks."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import islice
from operator import itemgetter
from typing import Any
from uuid import UUID

from strandloom.basics.iso import iso
from strandloom.blackboard.strand import Write, new_write
from strandloom.blackboard.tables import Row, Tables
from strandloom.blackboard.writes import look, write
from strandloom.ledger.drift import unexplained_rows
from strandloom.teams.trader import life
from strandloom.teams.trader.order import Order, to_row

MOST = 1_000
Asked = Mapping[str, Any]


def begin(order: Order) -> Write:
    """An order that was not there before."""
    return new_write(name="order.advance", values={**to_row(order), "was": 0})


def advance(before: Order, after: Order) -> Write:
    """An order moves on, if nobody moved it meanwhile."""
    return new_write(name="order.advance", values={**to_row(after), "was": before.version})


def open_trade(order: Order, at: datetime) -> Write:
    """An entry has its first fill: there is a position to guard, to follow and to close."""
    values = {
        "decision": str(order.trade),
        "plan": str(order.plan) if order.plan else None,
        "venue": order.venue,
        "symbol": order.symbol,
        "side": order.side,
        "stop": str(order.stop) if order.stop is not None else None,
        "take_profit": str(order.take_profit) if order.take_profit is not None else None,
        "exploration": order.exploration,
        "opened_at": iso(at),
    }
    return new_write(name="trade.open", values=values)


def mark_trade(decision: UUID | str, worst: Decimal, best: Decimal) -> Write:
    """The worst and the best price that the position has seen."""
    return new_write(
        name="trade.mark", values={"decision": str(decision), "worst": str(worst), "best": str(best)}
    )


def close_trade(decision: UUID | str, realised_usd: Decimal, at: datetime, why: str = "") -> Write:
    """Its position is flat; whoever comes second is told so."""
    values = {"decision": str(decision), "realised_usd": str(realised_usd), "closed_at": iso(at)}
    return new_write(name="trade.close", values={**values, "why": why})


def read_to(venue: str, at: datetime, keys: Sequence[str]) -> Write:
    """Fills of the venue were read up to that time; the keys are those that a second look would see again."""
    return new_write(name="fills.read", values={"venue": venue, "at": iso(at), "keys": list(keys)})


@write("order.advance")
def _advance(tables: Tables, asked: Asked) -> bool:
    live, ended = tables["trader_orders_live"], tables["trader_orders_ended"]
    cloid, row = asked["cloid"], dict(asked)
    was = row.pop("was")
    before = live.get(cloid) or ended.get(cloid)
    if before == row:
        return True
    if (before["version"] if before else 0) != was:
        return False
    sent = row["sent_at"] is not None
    life.check(before["state"] if before else "", row["state"], row["story"], sent=sent)
    if before is None:
        _list(tables, row)
    here = row["state"] not in life.OVER or row["trade"] in tables["trader_trades"]
    if not here and cloid in live:
        live.remove(cloid)
    elif here and cloid in ended:
        ended.remove(cloid)
    (live if here else ended).put(cloid, row)
    return True


def _list(tables: Tables, row: Row) -> None:
    """Orders by the trade that they belong to, so that looking for them stays cheap."""
    by_trade = tables["trader_orders_by_trade"]
    known = by_trade.get(row["trade"])
    by_trade.put(row["trade"], {"cloids": (*known["cloids"], row["cloid"]) if known else (row["cloid"],)})


@write("trade.open")
def _trade(tables: Tables, asked: Asked) -> bool:
    decision = asked["decision"]
    if decision in tables["trader_trades"] or decision in tables["trader_closed"]:
        return True
    empty = {"closed_at": None, "realised_usd": None, "worst": None, "best": None, "why": ""}
    tables["trader_trades"].put(decision, {**asked, **empty})
    for row in _of_trade(tables, decision):
        if row["cloid"] in tables["trader_orders_ended"]:
            tables["trader_orders_ended"].remove(row["cloid"])
            tables["trader_orders_live"].put(row["cloid"], row)
    return True


@write("trade.mark")
def _mark(tables: Tables, asked: Asked) -> bool:
    row = tables["trader_trades"].get(asked["decision"])
    if row is not None:
        tables["trader_trades"].put(asked["decision"], {**row, **asked})
    return True


@write("trade.close")
def _trade_end(tables: Tables, asked: Asked) -> bool:
    row = tables["trader_trades"].get(asked["decision"])
    if row is None:
        return False
    tables["trader_trades"].remove(asked["decision"])
    tables["trader_closed"].put(asked["decision"], {**row, **asked})
    _put_away(tables, asked["decision"])
    return True


def _put_away(tables: Tables, decision: str) -> None:
    """Orders of a closed trade leave the live ones, so that looking stays cheap."""
    live = tables["trader_orders_live"]
    for row in _of_trade(tables, decision):
        if row["cloid"] in live and row["state"] in life.OVER:
            live.remove(row["cloid"])
            tables["trader_orders_ended"].put(row["cloid"], row)


def _of_trade(tables: Tables, trade: str) -> list[Row]:
    known = tables["trader_orders_by_trade"].get(trade)
    found = [_one(tables, cloid) for cloid in known["cloids"]] if known else []
    return [row for row in found if row is not None]


def _one(tables: Tables, cloid: str) -> Row | None:
    return tables["trader_orders_live"].get(cloid) or tables["trader_orders_ended"].get(cloid)


@write("fills.read")
def _read(tables: Tables, asked: Asked) -> bool:
    tables["trader_fills_read"].put(asked["venue"], dict(asked))
    return True


def in_order(rows: list[Row], time: str, name: str) -> list[Row]:
    """By a time and then by a name: the order in which the database answers.  Times in UTC sort as text."""
    return sorted(rows, key=itemgetter(time, name)) if len(rows) > 1 else rows


@look("order.live")
def _live(tables: Tables, asked: Asked) -> Sequence[Row]:
    return in_order([row for _, row in tables["trader_orders_live"].rows()], "at", "cloid")


@look("order.one")
def _order(tables: Tables, asked: Asked) -> Sequence[Row]:
    row = _one(tables, asked["cloid"])
    return [row] if row else []


@look("order.of")
def _of(tables: Tables, asked: Asked) -> Sequence[Row]:
    return in_order(_of_trade(tables, asked["trade"]), "at", "cloid")


@look("order.newest")
def _newest(tables: Tables, asked: Asked) -> Sequence[Row]:
    both = (tables["trader_orders_live"], tables["trader_orders_ended"])
    rows = [row for table in both for _, row in table.rows()]
    return sorted(rows, key=lambda row: (row["at"], row["cloid"]), reverse=True)[: _limit(asked)]


@look("trade.open")
def _trades(tables: Tables, asked: Asked) -> Sequence[Row]:
    return in_order([row for _, row in tables["trader_trades"].rows()], "opened_at", "decision")


@look("trade.closed")
def _closed(tables: Tables, asked: Asked) -> Sequence[Row]:
    return [row for _, row in islice(tables["trader_closed"].newest(), _limit(asked))]


@look("fills.read")
def _fills_read(tables: Tables, asked: Asked) -> Sequence[Row]:
    row = tables["trader_fills_read"].get(asked["venue"])
    return [row] if row else []


@look("trader.books")
def _books(tables: Tables, asked: Asked) -> Sequence[Row]:
    """Live orders, open trades, how far fills were read, and where the ledger differs: of one moment."""
    read = [row for _, row in sorted(tables["trader_fills_read"].rows())]
    orders, trades = _live(tables, asked), _trades(tables, asked)
    return [{"orders": orders, "trades": trades, "read": read, "unexplained": unexplained_rows(tables, {})}]


def _limit(asked: Asked) -> int:
    return min(asked.get("limit") or 100, MOST)
