"""The commands of the Trader, run as a person would, on a real database; and its questions in Studio."""

import asyncio
import json
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from strandloom.basics import paths
from strandloom.basics.clock import SystemClock
from strandloom.basics.errors import BadInput
from strandloom.blackboard.cause import Cause
from strandloom.blackboard.postgres import postgres_board
from strandloom.blackboard.strand import Draft
from strandloom.kinds.attention import Flatten
from strandloom.kinds.position import Held
from strandloom.kinds.sweep import Closing, Sweep, Swept
from strandloom.store.database import Database
from strandloom.teams.trader import tables
from strandloom.teams.trader.order import intended
from strandloom.venues.port import Report
from tests.network import NOON
from tests.unit.teams.decision_maker.plans import tracking
from tests.unit.teams.trader.decisions import an_intent

D = Decimal
PLAN = UUID(int=2)
HELD = Held(
    venue="paper",
    symbol="BTC",
    quantity=D(10),
    entry_price=D(100),
    mark=D("100.5"),
    unrealised_usd=D(5),
    realised_usd=D(0),
    funding_usd=D(0),
    fees_usd=D("0.45"),
    stop=D(98),
    risk_usd=D(20),
    opened_at=NOON,
    decision=UUID(int=1),
    plan=PLAN,
)


async def held(database: Database) -> None:
    """Ten BTC, bought at 100, with a stop that rests; and a trade that lost two dollars before."""
    board = postgres_board(database, SystemClock())
    entry, stop = intended(an_intent(plan=PLAN), NOON), intended(an_intent(cloid="0x02", leg="stop"), NOON)
    filled = Report(state="filled", filled=D(10), average_price=D(100), fee_usd=D("0.45"))
    bought = entry.moved("sent", NOON).heard(filled, NOON)
    resting = stop.moved("sent", NOON).heard(Report(state="acknowledged"), NOON)
    before = intended(an_intent(cloid="0x03", decision=UUID(int=9)), NOON)
    writes = (
        tables.begin(entry),
        tables.open_trade(bought, NOON),
        tables.advance(entry, bought),
        tables.begin(stop),
        tables.advance(stop, resting),
        tables.open_trade(before, NOON),
        tables.close_trade(UUID(int=9), D("-2.04"), NOON, "stop"),
    )
    told = Draft(body=tracking(held=(HELD,), open_orders=1).body, tags=("trader:position_tracking",))
    await board.post([told], Cause(module="trader.tracker", at=NOON, key="test"), writes)


async def test_positions_orders_and_trades_are_shown(database: Database, run: Any) -> None:
    assert isinstance(run("positions").exception, BadInput)
    await held(database)
    (position,) = json.loads(run("positions", "--json").stdout)
    assert (position["symbol"], position["quantity"], position["stop"]) == ("BTC", "10", "98")
    assert "equity 100000.00 USD" in run("positions").stdout
    live = json.loads(run("orders", "--live", "--json").stdout)
    assert [(row["leg"], row["state"]) for row in live] == [("stop", "acknowledged")]
    assert [step.split()[0] for step in live[0]["story"]] == ["intended", "sent", "acknowledged"]
    assert len(json.loads(run("orders", "--json").stdout)) == 2
    assert "no orders yet" in run("orders", "--symbol", "SOL").stdout
    listed = run("trades").stdout.splitlines()
    assert "-2.04\tstop" in listed[2]


async def test_to_flatten_posts_a_strand_with_its_reason(database: Database, run: Any) -> None:
    assert run("flatten").exit_code == 2
    assert isinstance(run("flatten", "--why", " ").exception, BadInput)
    unheard = run("flatten", "--why", "enough", "--symbol", "BTC", "--wait", "0")
    assert (unheard.exit_code, "no service answered" in unheard.stderr) == (1, True)
    (strand,) = await postgres_board(database, SystemClock()).latest("flatten")
    assert isinstance(strand.body, Flatten)
    assert (strand.body.reason, strand.body.symbol) == ("enough", "BTC")


SWEPT = Sweep(
    why="enough",
    orders=(
        Swept(
            venue="paper",
            symbol="BTC",
            oid=7,
            side="buy",
            price=D("90000.0"),
            quantity=D("0.01"),
            ours=False,
            became="cancelled",
        ),
    ),
    closing=(Closing(venue="paper", symbol="ETH", side="sell", quantity=D(2), ours=True),),
)


async def test_to_flatten_says_what_became_of_every_order_and_position(database: Database, run: Any) -> None:
    board = postgres_board(database, SystemClock())
    for became, code in (("cancelled", 0), ("not cancelled", 1)):
        asked = asyncio.create_task(asyncio.to_thread(run, "flatten", "--why", became, "--wait", "600"))
        while not (found := [s for s in await board.latest("flatten") if s.body.reason == became]):  # type: ignore[attr-defined]
            assert not asked.done()
        swept = replace(SWEPT, orders=(replace(SWEPT.orders[0], became=became),))  # type: ignore[arg-type]
        answer = Draft(body=swept, tags=("trader:sweep",), parents=(found[0].id,))
        await board.post([answer], Cause(module="trader.coordinator", at=NOON, key=became))
        told = await asked
        assert told.exit_code == code
        assert "halt --why … stops that" in told.stderr.replace("`", "")  # nobody has halted it
        assert told.stdout.splitlines()[1:] == [
            f"{became}\torder 7\tBTC\tbuy\t0.01\t90000\tsomebody else's\tpaper",
            "closing\tposition\tETH\tsell\t2\t\tours\tpaper",
        ]


async def test_the_same_is_answered_in_studio(database: Database) -> None:
    await held(database)
    async with database.session() as session:
        answers = {
            name: await session.connection.fetch((paths.sql() / "studio" / f"{name}.sql").read_text())
            for name in ("open_positions", "orders_that_live", "closed_trades")
        }
    (position,) = answers["open_positions"]
    assert (position["held"], position["entry_price"], position["stops_resting"]) == (D(10), D(100), 1)
    (order,) = answers["orders_that_live"]
    assert order["story"] == "intended 12:00:00 → sent 12:00:00 → acknowledged 12:00:00"
    (trade,) = answers["closed_trades"]
    assert (trade["realised_usd"], trade["ended_by"]) == (D("-2.04"), "stop")
