"""`strandloom positions`, `orders` and `trades`: what the Trader holds, sent and earned."""

import asyncio
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any

import typer

from strandloom import wiring
from strandloom.basics.errors import BadInput
from strandloom.blackboard.board import Board
from strandloom.cli import given, show
from strandloom.kinds.position import Held, PositionTracking

Symbol = Annotated[str | None, typer.Option(help="Only this symbol.")]
Limit = Annotated[int, typer.Option(min=1, max=1_000, help="At most so many.")]


def positions(symbol: Symbol = None, as_json: show.AsJson = False) -> None:
    """Show what is held, as the Trader told it last."""
    told = asyncio.run(_tracked())
    if told is None:
        raise BadInput("nobody has told yet what is held: start the service first (scripts/run)")
    at, body = told
    rows = [_position(one) for one in body.held if symbol in (None, one.symbol)]
    show.table(rows, as_json=as_json, title=f"as of {at}", empty="nothing is held", below="decision")
    if as_json:
        return
    show.sentence(
        f"{body.mode} at {body.venue}: equity {body.equity_usd:.2f} USD, realised {body.realised_usd:+.2f}, "
        f"unrealised {body.unrealised_usd:+.2f}, {body.open_orders} orders rest"
    )
    if body.in_doubt:
        show.sentence(f"in doubt: {', '.join(body.in_doubt)}")
    if body.unexplained:
        show.sentence(f"books and venue differ: {', '.join(body.unexplained)}")
    if not body.venue_healthy:
        show.sentence("the venue does not answer; nothing is opened until it does")


def orders(
    symbol: Symbol = None,
    live: Annotated[bool, typer.Option("--live", help="Only those that may still trade.")] = False,
    limit: Limit = 30,
    as_json: show.AsJson = False,
) -> None:
    """List orders, the newest first, with the story of each in JSON."""
    rows = asyncio.run(_looked("order.live" if live else "order.newest", limit=limit))
    chosen = [row for row in rows if symbol in (None, row["symbol"]) and not (live and row["state"] in _OVER)]
    show.table(chosen if as_json else [_order(row) for row in chosen], as_json=as_json, empty="no orders yet")


def trades(symbol: Symbol = None, limit: Limit = 30, as_json: show.AsJson = False) -> None:
    """List trades, the open ones first, with what each one earned."""
    rows = asyncio.run(_trades(limit))
    chosen = [row for row in rows if symbol in (None, row["symbol"])]
    told = chosen if as_json else [_trade(row) for row in chosen]
    show.table(told, as_json=as_json, empty="no trades yet", below="decision")


_OVER = ("filled", "cancelled", "rejected", "expired", "closed")


async def _tracked() -> tuple[str, PositionTracking] | None:
    async with wiring.board(given.settings()) as board:
        latest = await board.latest("position_tracking")
    if not latest or not isinstance(latest[0].body, PositionTracking):
        return None
    return f"{latest[0].at:%Y-%m-%d %H:%M} UTC", latest[0].body


async def _looked(name: str, **values: Any) -> list[dict[str, Any]]:
    async with wiring.board(given.settings()) as board:
        return list(await board.look(name, **values))


async def _trades(limit: int) -> list[dict[str, Any]]:
    async with wiring.board(given.settings()) as board:
        return [*await board.look("trade.open"), *await _closed(board, limit)]


async def _closed(board: Board, limit: int) -> list[dict[str, Any]]:
    return list(await board.look("trade.closed", limit=limit))


def _position(held: Held) -> dict[str, Any]:
    return {
        "symbol": held.symbol,
        "quantity": show.number(held.quantity),
        "entry": show.number(held.entry_price),
        "mark": show.number(held.mark),
        "unrealised_usd": f"{held.unrealised_usd:+.2f}",
        "stop": show.number(held.stop),
        "risk_usd": f"{held.risk_usd:.2f}",
        "worst": show.number(held.worst),
        "best": show.number(held.best),
        "since": f"{held.opened_at:%Y-%m-%d %H:%M}",
        "decision": str(held.decision or ""),
    }


def _order(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "at": _minute(row["at"]),
        "symbol": row["symbol"],
        "leg": row["leg"],
        "side": row["side"],
        "quantity": _text(row["quantity"]),
        "price": _text(row["trigger"] or row["price"]),
        "style": row["style"],
        "state": row["state"],
        "filled": _text(row["filled"]),
        "average": _text(row["average_price"]),
        "why": row["why"][:60],
    }


def _trade(row: Mapping[str, Any]) -> dict[str, Any]:
    realised = row["realised_usd"]
    return {
        "opened": _minute(row["opened_at"]),
        "closed": _minute(row["closed_at"]),
        "symbol": row["symbol"],
        "side": row["side"],
        "stop": _text(row["stop"]),
        "target": _text(row["take_profit"]),
        "worst": _text(row["worst"]),
        "best": _text(row["best"]),
        "realised_usd": "" if realised is None else f"{Decimal(str(realised)):+.2f}",
        "ended_by": row["why"],
        "probe": "yes" if row["exploration"] else "",
        "decision": row["decision"],
    }


def _minute(text: str | None) -> str:
    return "" if text is None else text[:16].replace("T", " ")


def _text(value: object) -> str:
    return "" if value is None else show.number(Decimal(str(value)))
