"""Which roles this process leads: one row per role in the database, renewed while we live.

A lease that runs out, or whose holder is seen to be dead, goes to the next process that asks.  We believe
that we lead until the database says otherwise: whatever we do meanwhile is fenced (deliveries by their
attempts, heartbeats by the lease's epoch, the exchange by its writer, orders by their client order id).
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from loguru import logger

from strandloom.basics.clock import Clock
from strandloom.basics.errors import Retryable
from strandloom.blackboard.strand import Write
from strandloom.service import me as liveness
from strandloom.service.guard import hold
from strandloom.service.me import Me
from strandloom.store.database import Database

LEASE_S = 5.0
RENEW_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lease:
    """One role, led by us until `lost`."""

    role: str
    process: str
    epoch: int  # goes up with every change of hands
    lost: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def holder(self) -> str:
        """The name under which deliveries are claimed; the successor frees what it finds under it."""
        return f"{self.process}/{self.role}"

    def guard(self) -> Write:
        """A write that fails, with everything beside it, once somebody else leads."""
        return hold(self.role, self.process, self.epoch)


class Leases:
    """`run` it beside the roles; `give_back` when they have ended."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        me: Me,
        roles: Sequence[str],
        *,
        needs: Mapping[str, str] | None = None,
        lease_s: float = LEASE_S,
    ) -> None:
        """`needs` names roles that are only asked for while we lead another one."""
        self._database = database
        self._clock = clock
        self._me = me
        self._roles = tuple(roles)
        self._needs = needs or {}
        self._lease_s = lease_s
        self._held: dict[str, Lease] = {}
        self._changed = asyncio.Event()

    async def present(self) -> None:
        """Say who we are, for those who look."""
        me = self._me
        await self._database.execute(
            "roles.present", me.process, me.place, me.pid, me.began, list(self._roles), me.version
        )

    async def run(self) -> None:
        """Ask and renew, for ever."""
        await self.present()
        while True:
            try:
                await self.look()
            except Retryable as error:
                logger.warning("leases_not_renewed", error=str(error))
            await self._clock.sleep(RENEW_S)

    async def won(self, role: str) -> Lease:
        """Wait until we lead this role."""
        while role not in self._held:
            self._changed.clear()
            await self._changed.wait()
        return self._held[role]

    async def look(self) -> None:
        """Ask once for everything that we want, and take note of what we lead."""
        wanted = [role for role in self._roles if self._needs.get(role, role) in (*self._held, role)]
        told = await self._database.fetchval("roles.neighbours", self._me.place, self._me.process)
        dead = liveness.dead([(one["process"], one["pid"], one["began"]) for one in told])
        rows = await self._database.fetch("roles.lead", self._me.process, wanted, self._lease_s, dead)
        epochs = {row["role"]: row["epoch"] for row in rows}
        for lease in list(self._held.values()):
            if epochs.get(lease.role) != lease.epoch:
                self._lose(lease)
        for role, epoch in epochs.items():
            if role not in self._held:
                self._win(Lease(role=role, process=self._me.process, epoch=epoch))

    async def give_back(self) -> None:
        """We are leaving: a successor need not wait."""
        for lease in list(self._held.values()):
            self._lose(lease)
        try:
            await self._database.execute("roles.leave", self._me.process)
        except Retryable as error:
            logger.warning("leases_not_given_back", error=str(error))

    def _win(self, lease: Lease) -> None:
        logger.debug("role_won", role=lease.role, epoch=lease.epoch)
        self._held[lease.role] = lease
        self._changed.set()

    def _lose(self, lease: Lease) -> None:
        del self._held[lease.role]
        lease.lost.set()
