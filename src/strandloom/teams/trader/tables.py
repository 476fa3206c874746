"""The Trader's books: waits, orders and trades; their named writes and looks."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from strandloom.blackboard.strand import Write
from strandloom.blackboard.tables import Row, Tables
from strandloom.blackboard.writes import look, write
from strandloom.kinds.decision import Decision
from strandloom.kinds.order import OrderIntent
from strandloom.venues.port import Report

ENDED = ("closed", "cancelled", "rejected", "expired")
Asked = Mapping[str, Any]


def open_wait(name: UUID, body: Decision, since: datetime) -> Write:
    """A decision begins to wait for its condition."""
    values = {"decision": str(name), "plan": str(body.plan) if body.plan else None, "symbol": body.symbol}
    times = {"since": since.isoformat(), "expires_at": body.expires_at.isoformat()}
    return Write(name="wait.open", values={**values, **times})


def end_wait(decision: UUID | str) -> Write:
    """It was met, or ended otherwise."""
    return Write(name="wait.end", values={"decision": str(decision)})


def put_order(
    intent: OrderIntent, plan: UUID | None, state: str, report: Report | None, at: datetime
) -> Write:
    """An order comes in, or moves on."""
    average = report.average_price if report else None
    return Write(
        name="order.put",
        values={
            "cloid": intent.cloid,
            "decision": str(intent.decision),
            "plan": str(plan) if plan else None,
            "leg": intent.leg,
            "venue": intent.venue,
            "symbol": intent.symbol,
            "side": intent.side,
            "quantity": str(intent.quantity),
            "price": str(intent.price),
            "trigger": str(intent.trigger) if intent.trigger is not None else None,
            "state": state,
            "filled": str(report.filled if report else 0),
            "average_price": str(average) if average is not None else None,
            "fee_usd": str(report.fee_usd if report else 0),
            "at": at.isoformat(),
        },
    )


def moved(row: Asked, report: Report, at: datetime) -> Write:
    """The same order with what the venue says now."""
    average = report.average_price
    changed = {
        "state": report.state,
        "filled": str(report.filled),
        "average_price": str(average) if average is not None else None,
        "fee_usd": str(report.fee_usd),
        "at": at.isoformat(),
    }
    texts = {
        name: str(row[name]) if row[name] is not None else None for name in ("quantity", "price", "trigger")
    }
    return Write(name="order.put", values={**row, **texts, **changed})


def open_trade(decision: UUID, plan: UUID | None, symbol: str, at: datetime) -> Write:
    """A decision has its first fill."""
    values = {"decision": str(decision), "plan": str(plan) if plan else None, "symbol": symbol}
    return Write(name="trade.open", values={**values, "opened_at": at.isoformat()})


def close_trade(decision: UUID | str, realised_usd: Decimal, at: datetime) -> Write:
    """Its position is flat; whoever comes second is told so."""
    values = {"decision": str(decision), "realised_usd": str(realised_usd), "closed_at": at.isoformat()}
    return Write(name="trade.close", values=values)


@write("wait.open")
def _wait(tables: Tables, asked: Asked) -> bool:
    if asked["decision"] not in tables["trader_waits"]:
        tables["trader_waits"].put(asked["decision"], dict(asked))
    return True


@write("wait.end")
def _wait_end(tables: Tables, asked: Asked) -> bool:
    if asked["decision"] in tables["trader_waits"]:
        tables["trader_waits"].remove(asked["decision"])
    return True


@write("order.put")
def _order(tables: Tables, asked: Asked) -> bool:
    live, ended = tables["trader_orders_live"], tables["trader_orders_ended"]
    if asked["cloid"] in ended:
        return True
    live.put(asked["cloid"], dict(asked))
    return True


@write("trade.open")
def _trade(tables: Tables, asked: Asked) -> bool:
    if asked["decision"] not in tables["trader_trades"] and asked["decision"] not in tables["trader_closed"]:
        tables["trader_trades"].put(asked["decision"], {**asked, "closed_at": None, "realised_usd": None})
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
    live, plan = tables["trader_orders_live"], tables["trader_closed"].get(decision)["plan"]  # type: ignore[index]
    mine = [(c, r) for c, r in live.rows() if r["decision"] == decision or (plan and r["plan"] == plan)]
    for cloid, row in mine:
        live.remove(cloid)
        tables["trader_orders_ended"].put(cloid, row)


@look("wait.open")
def _waits(tables: Tables, asked: Asked) -> Sequence[Row]:
    return [row for _, row in tables["trader_waits"].rows()]


@look("order.live")
def _live(tables: Tables, asked: Asked) -> Sequence[Row]:
    decisions = tables["trader_trades"]
    plans = {row["plan"] for _, row in decisions.rows() if row["plan"] is not None}
    gone = (*ENDED, "filled")
    rows = [row for _, row in tables["trader_orders_live"].rows()]
    return [r for r in rows if r["decision"] in decisions or r["plan"] in plans or r["state"] not in gone]


@look("order.of")
def _of(tables: Tables, asked: Asked) -> Sequence[Row]:
    both = (tables["trader_orders_live"], tables["trader_orders_ended"])
    return [row for table in both for _, row in table.rows() if row["decision"] == asked["decision"]]


@look("trade.open")
def _trades(tables: Tables, asked: Asked) -> Sequence[Row]:
    return [row for _, row in tables["trader_trades"].rows()]


@look("trade.closed")
def _closed(tables: Tables, asked: Asked) -> Sequence[Row]:
    rows = [row for _, row in tables["trader_closed"].rows()]
    return rows[::-1][: asked.get("limit") or 100]
