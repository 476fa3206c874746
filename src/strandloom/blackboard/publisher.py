"""Adaptive group commit: an idle publisher commits at once, what arrives meanwhile goes together in the next.

A commit that notifies holds a lock across its write to disk, so many small ones queue behind each other.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from strandloom.basics.errors import Retryable

Row = Mapping[str, Any]
Send = Callable[[Sequence[Row]], Awaitable[frozenset[UUID]]]


class _Waiting:
    """Rows of one caller, and what became of them."""

    __slots__ = ("error", "new", "rows")

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = rows
        self.new: frozenset[UUID] | None = None
        self.error: Exception | None = None

    @property
    def settled(self) -> bool:
        return self.new is not None or self.error is not None


class Publisher:
    """Sends the rows of many callers in as few statements as it can, never reordering them.

    `send` posts rows in one transaction and answers which were new; it must be idempotent.
    """

    def __init__(self, send: Send, *, most: int = 500) -> None:
        self._send = send
        self._most = most
        self._queue: deque[_Waiting] = deque()
        self._turn = asyncio.Lock()

    async def post(self, rows: Sequence[Row]) -> frozenset[UUID]:
        """Returns after the commit with the ids that were not there yet."""
        mine = _Waiting(rows)
        self._queue.append(mine)
        try:
            async with self._turn:
                while not mine.settled:
                    await self._send_group()
        finally:
            if not mine.settled and mine in self._queue:
                self._queue.remove(mine)
        if mine.error is not None:
            raise mine.error
        return mine.new or frozenset()

    async def _send_group(self) -> None:
        group = self._take()
        try:
            await self._send_together(group)
        finally:
            self._queue.extendleft(reversed([entry for entry in group if not entry.settled]))

    def _take(self) -> list[_Waiting]:
        """As many callers as fit together, at least one."""
        group = [self._queue.popleft()]
        size = len(group[0].rows)
        while self._queue and size + len(self._queue[0].rows) <= self._most:
            group.append(self._queue.popleft())
            size += len(group[-1].rows)
        return group

    async def _send_together(self, group: list[_Waiting]) -> None:
        """One statement for all; when it is refused, one each, so that only the guilty one hears of it."""
        try:
            new = await self._send([row for entry in group for row in entry.rows])
        except Retryable as error:
            for entry in group:
                entry.error = error
        except Exception as error:  # noqa: BLE001 - handed to whoever posted it
            if len(group) == 1:
                group[0].error = error
                return
            for entry in group:
                await self._send_together([entry])
        else:
            for entry in group:
                mine = frozenset(UUID(row["id"]) for row in entry.rows)
                entry.new, new = mine & new, new - mine
