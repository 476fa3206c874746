"""How many signed order requests per second the exchange verifies and carries out over HTTP."""

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from multiprocessing import get_context
from multiprocessing.connection import Connection
from time import perf_counter, time
from typing import Any

from strandloom.basics.clock import DrivenClock
from strandloom.exchange.asset import micro
from strandloom.exchange.commands import Deposit
from strandloom.exchange.engine import Engine
from strandloom.exchange.server.limits import Limits
from strandloom.exchange.server.serve import serving
from strandloom.exchange.server.venue import Venue
from strandloom.hyperliquid import actions
from strandloom.hyperliquid.signing import Wallet, signed_l1
from strandloom.kinds.market import Bar

TRADERS, ORDERS_EACH, CONNECTIONS = 16, 500, 8
_START = datetime(2026, 1, 1, tzinfo=UTC)


def run() -> dict[str, float]:
    """The exchange in a process of its own, the client in this one; all requests are signed beforehand."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    try:
        port = ours.recv()
        shares = [_requests(range(n, TRADERS, CONNECTIONS)) for n in range(CONNECTIONS)]
        started = perf_counter()
        refused = asyncio.run(_send_all(port, shares))
        seconds = perf_counter() - started
    finally:
        ours.send("end")
        process.join(10)
    if refused:
        raise RuntimeError(f"{refused} orders were refused, so the figure would mean nothing")
    return {"signed_orders_per_s": round(TRADERS * ORDERS_EACH / seconds, 1)}


def _wallet(number: int) -> Wallet:
    return Wallet(f"{number + 1:064x}")


def _requests(traders: range) -> list[bytes]:
    """Orders that rest far below the market, as bytes on the wire."""
    now_ms = int(time() * 1000)
    kind = actions.limit("Gtc")
    made = []
    for trader in traders:
        wallet = _wallet(trader)
        for n in range(ORDERS_EACH):
            price = Decimal(60_000 + n)
            order = actions.order(0, is_buy=True, price=price, size=Decimal("0.001"), kind=kind)
            made.append(_posted(signed_l1(wallet, actions.place([order]), now_ms + n, mainnet=False)))
    return made


def _posted(signed: dict[str, Any]) -> bytes:
    body = json.dumps(signed).encode()
    head = f"POST /exchange HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"Content-Type: application/json\r\n\r\n" + body


async def _send_all(port: int, shares: Sequence[Sequence[bytes]]) -> int:
    """One connection per share, each sending its next request when the last is answered."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_send(port, share)) for share in shares]
    return sum(task.result() for task in tasks)


async def _send(port: int, requests: Sequence[bytes]) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    refused = 0
    for request in requests:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        refused += b'"resting"' not in await reader.readexactly(length)
    writer.close()
    return refused


def _serve(pipe: Connection) -> None:
    asyncio.run(_serving(pipe))


async def _serving(pipe: Connection) -> None:
    clock = DrivenClock(_START)
    venue = Venue(exchange=Engine(), clock=clock, limits=Limits.none())
    async with serving(venue) as opened:
        opened.drive.list(["BTC"], venue.at_ms())
        for minute in range(30):
            at = _START + timedelta(minutes=minute)
            bar = Bar(
                venue="bench",
                symbol="BTC",
                at=at,
                open=1e5,
                high=100_050,
                low=99_950,
                close=1e5,
                volume=100.0,
            )
            opened.drive.closed([bar])
        clock.set(_START + timedelta(minutes=30))
        for n in range(TRADERS):
            venue.submit(Deposit(venue.at_ms(), _wallet(n).address, micro(1_000_000)))
        pipe.send(int(opened.url.rpartition(":")[2]))
        await asyncio.get_running_loop().run_in_executor(None, pipe.recv)
