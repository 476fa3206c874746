"""One database per kind of server for a whole contract, emptied for each test: faster than new copies."""

import asyncio
import os
from pathlib import Path

import asyncpg

from tests.servers.park import TEMPLATE, Park

_TAKES = Path(__file__).parent.parent / "takes.sql"
_NAME = f"contract_{os.getpid()}"
_EMPTY = """
    truncate ad_strands, ad_tombstones, ad_consumers, ad_deliveries, ad_dead_letters, t_takes restart identity
"""
_made: set[str] = set()


async def emptied(park: Park, kind: str) -> str:
    """The address of this process's contract database on that kind of server."""
    server = await asyncio.to_thread(park.server, kind)
    address = await asyncio.to_thread(park.address, kind)
    where = server.url("postgres")
    if where not in _made:
        await _run(where, f"create database {_NAME} template {TEMPLATE}")
        await _run(server.url(_NAME), _TAKES.read_text())
        _made.add(where)
    await _run(server.url(_NAME), _EMPTY)
    return address(_NAME)


async def _run(url: str, sql: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(sql)
    finally:
        await connection.close()
