"""From the posting of a decision to the moment when its signed order is on the socket, whole."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from time import perf_counter
from typing import Any

import httpx

from strandloom.basics.clock import SystemClock
from strandloom.bench.trader.exchange import KEY, MINUTES, SYMBOL, bars, exchange
from strandloom.blackboard.cause import Cause
from strandloom.blackboard.desk import desks
from strandloom.blackboard.postgres import postgres_board
from strandloom.blackboard.runner import Runner
from strandloom.blackboard.sql_board import SqlBoard
from strandloom.blackboard.strand import Draft
from strandloom.blackboard.waking import Waking
from strandloom.kinds.attention import Attention
from strandloom.kinds.decision import Decision
from strandloom.market.window import Window
from strandloom.store.database import Database
from strandloom.teams.decision_maker import tables as _halts  # noqa: F401 - registers what the Trader looks up
from strandloom.teams.trader import team as trader
from strandloom.teams.trader.readiness import Readiness
from strandloom.venues.hyperliquid.opening import Access, opened
from strandloom.venues.hyperliquid.sends import StoredSends

DECISIONS, WARM_UP = 300, 30
GATE = "decision_maker.gate"
AT_MOST_S = 10.0


class Line(httpx.AsyncHTTPTransport):
    """The ordinary transport; it notes when the body of an order was written to the socket."""

    def __init__(self) -> None:
        super().__init__()
        self.written: asyncio.Queue[float] = asyncio.Queue()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/exchange" and json.loads(request.content)["action"]["type"] == "order":
            request.extensions = {**request.extensions, "trace": self._trace}
        return await super().handle_async_request(request)

    async def _trace(self, event: str, info: dict[str, Any]) -> None:
        if event == "http11.send_request_body.complete":
            self.written.put_nowait(perf_counter())


async def decisions_to_wire_ms(database: Database) -> list[float]:
    """One time per decision: posted, claimed, turned into an intent, posted, claimed, signed, written."""
    clock, line = SystemClock(), Line()
    board = postgres_board(database, clock)
    with exchange() as url:
        access = Access(url=url, key=KEY)

        def sends(mode: str, account: str, signer: str) -> StoredSends:
            return StoredSends(database, mode, account, signer)

        async with opened(access, sends, clock, transport=line) as venue:
            readiness = Readiness(began=clock.wall())
            seats = trader.seats(venue, readiness=readiness, now=clock.now)
            window = _window()
            waking = Waking(database, board.floors, clock)
            lay = desks(board, lambda at: window.view())
            runner = Runner(seats, board, lay, waking, clock, holder="bench")
            tasks = [asyncio.create_task(waking.run()), asyncio.create_task(runner.run())]
            try:
                await waking.proven.wait()
                await _ready(board, readiness)
                return await _measured(board, line, window)
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)


def _window() -> Window:
    window = Window([SYMBOL])
    first = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=MINUTES)
    for bar in bars(first):
        window.append(int(bar.at.timestamp()) // 60, [bar])
    return window


async def _ready(board: SqlBoard, readiness: Readiness) -> None:
    """The recovery of the start is done before anything may be opened."""
    tags = ("trader:attention", "trader:attention:start")
    draft = Draft(body=Attention(reason="start"), tags=tags)
    await board.post([draft], Cause(module="trader.upkeep", at=datetime.now(UTC), key="bench"))
    await _until(lambda: readiness.recovered)


async def _measured(board: SqlBoard, line: Line, window: Window) -> list[float]:
    """Each decision buys far below the market, so that nothing is filled and the next one is as free."""
    took = []
    at = window.closed_at() or datetime.now(UTC)
    for n in range(DECISIONS):
        draft = Draft(body=_decision(), tags=("trader:execute",), symbol=SYMBOL)
        began = perf_counter()
        await board.post([draft], Cause(module=GATE, at=at, key=f"bench {n}"))
        async with asyncio.timeout(AT_MOST_S):
            took.append((await line.written.get() - began) * 1e3)
        await _settled(board, n + 1)
    return took[WARM_UP:]


def _decision() -> Decision:
    return Decision(
        intent="open",
        plan=None,
        symbol=SYMBOL,
        side="buy",
        quantity=Decimal("0.01"),
        entry_type="market",
        worst_price=Decimal(90_000),
        stop=Decimal(80_000),
        time_in_force="ioc",
        expires_at=datetime.now(UTC) + timedelta(hours=1),
    )


async def _settled(board: SqlBoard, decisions: int) -> None:
    """The last one's order is over: one decision at a time is what is measured."""

    async def over() -> bool:
        alive = await board.look("order.live")  # it was written down before it was sent
        return not alive and not any(queue.waiting + queue.leased for queue in await board.queues())

    await _until_async(over)


async def _until(holds: Callable[[], bool]) -> None:
    async def asked() -> bool:
        return holds()

    await _until_async(asked)


async def _until_async(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(AT_MOST_S):
        while not await holds():  # noqa: ASYNC110 - the board has no event for this
            await asyncio.sleep(0.005)
