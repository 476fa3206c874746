"""`strandloom plan`: a person proposes a trade, which the gate judges like any other."""

import asyncio
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, get_args

import typer
from pydantic import TypeAdapter, ValidationError

from strandloom import wiring
from strandloom.basics.clock import SystemClock
from strandloom.basics.errors import BadInput
from strandloom.blackboard.board import Board
from strandloom.blackboard.cause import person
from strandloom.blackboard.postgres import postgres_board
from strandloom.blackboard.strand import Draft
from strandloom.cli import given, show
from strandloom.cli.post import MODULE
from strandloom.kinds.condition import Condition
from strandloom.kinds.heartbeat import Heartbeat
from strandloom.kinds.plan import EntryType, Expectation, Side, TradingPlan
from strandloom.market import minute as minutes
from strandloom.market.store import BarStore
from strandloom.scoring.costs import cost_model
from strandloom.store.database import Database

_CONDITION: TypeAdapter[Any] = TypeAdapter(Condition)
LOOKED_BACK = 60


def plan(
    symbol: Annotated[str, typer.Option(help="What to trade: BTC.")],
    side: Annotated[str, typer.Option(help="buy or sell.")],
    quantity: Annotated[str, typer.Option(help="How much, in units of the symbol.")],
    stop: Annotated[str, typer.Option(help="The price at which it was wrong.")],
    take_profit: Annotated[str | None, typer.Option(help="The price at which it was right.")] = None,
    price: Annotated[
        str | None, typer.Option(help="A limit price; without it the entry crosses the spread.")
    ] = None,
    entry: Annotated[str, typer.Option(help="market, limit or maker.")] = "market",
    hold_minutes: Annotated[int, typer.Option(min=1, help="Close it after so long.")] = 240,
    wait_minutes: Annotated[int, typer.Option(min=1, help="Enter within this time or not at all.")] = 60,
    condition: Annotated[
        str | None, typer.Option(help="An entry condition as JSON; docs/plans.md has the grammar.")
    ] = None,
    why: Annotated[str, typer.Option(help="Your reason; it is kept with the plan.")] = "",
    as_json: show.AsJson = False,
) -> None:
    """Propose a trade in your own name; it passes the gate like any other plan, and its id is printed."""
    values: dict[str, Any] = {
        "symbol": symbol,
        "side": _one_of(side, Side, "--side"),
        "entry_type": _one_of("limit" if price and entry == "market" else entry, EntryType, "--entry"),
        "entry_price": _price(price, "--price") if price else None,
        "quantity": _price(quantity, "--quantity"),
        "stop": _price(stop, "--stop"),
        "take_profit": _price(take_profit, "--take-profit") if take_profit else None,
        "time_limit_s": hold_minutes * 60,
        "condition": _condition(condition) if condition else None,
        "reason": why,
    }
    show.record({"id": asyncio.run(_post(values, timedelta(minutes=wait_minutes)))}, as_json=as_json)


async def _post(values: dict[str, Any], patience: timedelta) -> str:
    async with wiring.store(given.settings()) as database:
        board = postgres_board(database, SystemClock())
        now, feed = await _market_now(board)
        reference = await _newest_close(database, feed, values["symbol"], now)
        body = TradingPlan(
            **values,
            idea=f"{values['symbol']}:{values['side']}:by hand",
            reference=reference,
            time_in_force="ioc" if values["entry_type"] == "market" else "gtc",
            expires_at=now + patience,
            expected=_expectation(values, reference),
            by="person",
        )
        draft = Draft(body=body, tags=("dm:plan", "cil:plan"), symbol=values["symbol"])
        (posted,) = await board.post([draft], person(MODULE, now))
    return str(posted)


async def _market_now(board: Board) -> tuple[datetime, str]:
    latest = await board.latest("heartbeat")
    if not latest or not isinstance(latest[0].body, Heartbeat):
        raise BadInput("there is no market yet: start the service first (scripts/run), then plan")
    return latest[0].at, latest[0].body.feed


async def _newest_close(database: Database, feed: str, symbol: str, now: datetime) -> Decimal:
    stop = minutes.of(now)
    read = await BarStore(database).read(feed, [symbol], stop - LOOKED_BACK, stop)
    if not read or not len(read[0]):
        raise BadInput(f"{symbol} has no bar in the last hour of the feed {feed}")
    return Decimal(repr(float(read[0].columns["close"][-1])))


def _expectation(values: dict[str, Any], reference: Decimal) -> Expectation:
    """A person says where it goes; the costs are the model's."""
    costs = cost_model(given.settings().cost_model)
    cost_bps = costs.round_trip_bps(1.0, 1.0)
    target = values["take_profit"]
    gross = float(abs(target / reference - 1)) * 10_000 if target else cost_bps
    return Expectation(
        net_bps=gross - cost_bps,
        holding_s=values["time_limit_s"],
        p=0.5,
        cost_bps=cost_bps,
        fill_probability=1.0,
        cost_model=costs.name,
        measured=False,
    )


def _one_of(value: str, choices: Any, option: str) -> Any:
    if value not in get_args(choices):
        raise BadInput(f"{option} is one of {', '.join(get_args(choices))}, not {value!r}")
    return value


def _price(text: str, option: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal(0)
    if not value.is_finite() or value <= 0:
        raise BadInput(f"{option} is a number above zero, not {text!r}")
    return value


def _condition(text: str) -> Any:
    try:
        return _CONDITION.validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "condition"
        raise BadInput(f"--condition: {where}: {first['msg']}") from error
