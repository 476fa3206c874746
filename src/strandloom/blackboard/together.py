"""Several questions of a module: at once where each is a way to a database, else one after the other."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar, overload

from strandloom.blackboard.desk import Desk

A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
Asking = Coroutine[Any, Any, A]


@overload
async def together(desk: Desk, first: Asking[A], second: Asking[B], /) -> tuple[A, B]: ...


@overload
async def together(
    desk: Desk, first: Asking[A], second: Asking[B], third: Asking[C], /
) -> tuple[A, B, C]: ...


@overload
async def together(desk: Desk, /, *asked: Asking[A]) -> tuple[A, ...]: ...


async def together(desk: Desk, *asked: Asking[Any]) -> tuple[Any, ...]:
    """Their answers, in order."""
    if not desk.board.near:
        return tuple(await asyncio.gather(*asked))
    try:
        return tuple([await one for one in asked])
    finally:
        for one in asked:
            one.close()  # those that an error has made idle
