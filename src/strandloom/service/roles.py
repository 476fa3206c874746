"""Leading a role: stand by until it is ours, open what it needs, run it, and step down when it is taken."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from loguru import logger

from strandloom.service.leases import Lease, Leases
from strandloom.service.parts import Part, named

Told = Callable[[str, bool], None]
Open = Callable[[Lease], AbstractAsyncContextManager[Sequence[Part]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """One share of the work; opened anew each time it becomes ours, so that nothing old is carried over."""

    name: str
    open: Open


async def lead(role: Role, leases: Leases, told: Told) -> None:
    """For ever: whatever fails is raised, and whoever restarts us begins with a fresh opening."""
    told(role.name, False)
    while True:
        lease = await leases.won(role.name)
        told(role.name, True)
        try:
            await _led(role, lease)
        finally:
            told(role.name, False)
        if lease.lost.is_set():
            logger.warning("role_lost", role=role.name, epoch=lease.epoch)


async def _led(role: Role, lease: Lease) -> None:
    async with role.open(lease) as parts, asyncio.TaskGroup() as group:
        logger.info("role_led", role=role.name, epoch=lease.epoch)
        tasks = [group.create_task(named(part), name=part.name) for part in parts]
        await lease.lost.wait()
        for task in tasks:
            task.cancel()
