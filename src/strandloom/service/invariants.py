"""Looks now and then whether what must hold still holds, and stops trading where it does not."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

from loguru import logger

from strandloom.basics.clock import Clock
from strandloom.basics.errors import Retryable
from strandloom.blackboard.audit import Finding, all_checks
from strandloom.blackboard.cause import Cause, root
from strandloom.blackboard.strand import Draft, Write
from strandloom.kinds.system import HaltWanted
from strandloom.store.database import Database

MODULE: Final = "system.invariants"
WATCHED: Final = ("ledger_balances", "ledger_zero", "orders_once")
"""Checks that are never false in good order, not even for a moment, and that a running service can afford."""
EVERY_S: Final = 300.0


class Posting(Protocol):
    """The part of a board that is needed."""

    async def post(
        self, drafts: Sequence[Draft], cause: Cause, writes: Sequence[Write] = ()
    ) -> tuple[UUID, ...]: ...


class Invariants:
    """`run` it in one process: that of the Trader.  One finding halts once, however often it is seen."""

    def __init__(self, database: Database, board: Posting, clock: Clock) -> None:
        self._database = database
        self._board = board
        self._clock = clock

    async def run(self) -> None:
        """For ever; a database that does not answer says nothing about what is in it."""
        while True:
            try:
                await self.look()
            except Retryable as error:
                logger.warning("invariants_not_checked", error=str(error))
            await self._clock.sleep(EVERY_S)

    async def look(self) -> Mapping[str, Sequence[Finding]]:
        """Run the watched checks; every violation asks for a halt."""
        found = {c.name: await c.run(self._database) for c in all_checks() if c.name in WATCHED}
        broken = {name: findings for name, findings in found.items() if findings}
        for name, findings in broken.items():
            await self._halt(name, findings[0], self._clock.now())
        return broken

    async def _halt(self, name: str, finding: Finding, now: datetime) -> None:
        reason = f"{name} does not hold: {finding.subject}: {finding.problem}; `strandloom audit` shows all"
        draft = Draft(body=HaltWanted(reason=reason), tags=("system:halt_wanted",))
        day = now.replace(hour=0, minute=0, second=0, microsecond=0)
        if await self._board.post([draft], root(MODULE, day, f"{name}:{finding.subject}")):
            logger.critical("invariant_broken", check=name, subject=finding.subject, problem=finding.problem)
