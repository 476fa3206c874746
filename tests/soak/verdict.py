"""What a soak left: nothing open, nothing doubled, books that agree, a fitting budget, flat memory."""

import asyncio
from dataclasses import dataclass, fields

from strandloom.basics.clock import SystemClock
from strandloom.blackboard.audit import all_checks
from strandloom.blackboard.cause import person
from strandloom.blackboard.postgres import postgres_board
from strandloom.jobs import posting
from strandloom.jobs.timetable import Slot
from strandloom.kinds.reconciliation import Reconciliation
from strandloom.store.database import Database
from strandloom.wiring import stores as stores  # registers every check
from tests.processes import Fleet
from tests.soak.crew import Crew
from tests.soak.growth import Growth, growths

NOT_MEASURED = "memory was not measured: no process lived long enough"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Counts; `clean` when everything is as it must be."""

    kills: int
    freezes: int
    cut_offs: int
    ended_by_themselves: int
    heartbeats: int
    strands: int
    orders: int
    trades: int
    open_deliveries: int
    dead_letters: int
    findings: tuple[str, ...]
    books_agree: bool
    stopped_s: float
    memory: tuple[Growth, ...]

    @property
    def wrong(self) -> tuple[str, ...]:
        """Why it is not clean; empty when everything is as it must be."""
        faults = {
            "deliveries are open": self.open_deliveries > 0,
            "strands were given up": self.dead_letters > 0,
            "the audit found something": bool(self.findings),
            "books and venue differ": not self.books_agree,
            "no heartbeat": self.heartbeats == 0,
            NOT_MEASURED: not self.memory,
            "memory grows": not all(growth.flat for growth in self.memory),
        }
        return tuple(what for what, holds in faults.items() if holds)

    @property
    def clean(self) -> bool:
        return not self.wrong

    def __str__(self) -> str:
        counts = [f"  {name.replace('_', ' ')}: {value}" for name, value in self._counts()]
        lines = [f"  memory of {growth}" for growth in self.memory] or ["  memory: not measured"]
        found = [f"  found: {finding}" for finding in self.findings]
        verdict = "CLEAN" if self.clean else f"BROKEN: {'; '.join(self.wrong)}"
        if self.wrong == (NOT_MEASURED,):
            verdict = f"CLEAN as far as it goes, but {NOT_MEASURED}"
        return "\n".join([verdict, *counts, *lines, *found])

    def _counts(self) -> list[tuple[str, object]]:
        told = ("findings", "memory")
        return [(f.name, getattr(self, f.name)) for f in fields(self) if f.name not in told]


async def judge(database: Database, fleet: Fleet, crew: Crew, settle_s: float, stopped_s: float) -> Verdict:
    """Let the network settle what is open, without a market that goes on; then count."""
    without = (tuple(role for role in roles if role != "market") for roles in crew.layout)
    crew.layout = tuple(filter(None, without))
    await asyncio.to_thread(crew.hire)
    board = postgres_board(database, SystemClock())

    async def settled() -> bool:
        await asyncio.to_thread(crew.mend)  # a Trader whose exchange is not up yet cannot start
        return (await board.counts())["deliveries"] == 0

    await fleet.until("everything is settled", settled, within_s=settle_s)
    agree = await _reconciled(database, fleet, settle_s)
    await fleet.until("everything is settled again", settled, within_s=settle_s)
    await asyncio.to_thread(fleet.stop)
    counts = await board.counts()
    given_up = [f"{d.consumer} gave up: {d.error}" for d in await board.dead()]
    found = [f"{c.name}: {f.subject}: {f.problem}" for c in all_checks() for f in await c.run(database)]
    async with database.session() as session:
        row = await session.connection.fetchrow(_COUNTS)
    assert row is not None
    return Verdict(
        kills=crew.kills,
        freezes=crew.freezes,
        cut_offs=crew.cut_offs,
        ended_by_themselves=crew.ended,
        strands=counts["strands"],
        open_deliveries=counts["deliveries"],
        dead_letters=counts["dead_letters"],
        findings=(*found, *given_up),
        books_agree=agree,
        stopped_s=round(stopped_s, 1),
        memory=tuple(growths(crew.lives)),
        **dict(row),
    )


_COUNTS = """
select (select count(*) from ad_strands where kind = 'heartbeat') as heartbeats,
       (select count(*) from trader_orders) as orders, (select count(*) from trader_trades) as trades
"""


async def _reconciled(database: Database, fleet: Fleet, within_s: float) -> bool:
    """Hold the books against the venue once more, and wait for the answer."""
    board = postgres_board(database, SystemClock())
    (beat,) = await board.latest("heartbeat")
    draft = posting.draft(Slot(beat.at, "reconcile"), by_person=True)
    (job,) = await board.post([draft], person("people.soak", beat.at))
    answers: list[Reconciliation] = []

    async def answered() -> bool:
        for strand in await board.children(job):
            if isinstance(strand.body, Reconciliation):
                answers.append(strand.body)
        return bool(answers)

    await fleet.until("the books are compared", answered, within_s=within_s)
    return answers[0].agrees
