"""What a soak left: nothing open, nothing doubled, books that agree, a fitting budget, flat memory."""

import asyncio
from dataclasses import asdict, dataclass

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

FLAT_MB_PER_MIN = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Counts; `clean` when everything is as it must be."""

    kills: int
    freezes: int
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
    memory_mb_per_min: float | None

    @property
    def clean(self) -> bool:
        flat = self.memory_mb_per_min is None or self.memory_mb_per_min < FLAT_MB_PER_MIN
        settled = not self.open_deliveries and not self.findings
        return settled and self.books_agree and flat and self.heartbeats > 0

    def __str__(self) -> str:
        told = ", ".join(f"{name} {value}" for name, value in asdict(self).items())
        return f"{'CLEAN' if self.clean else 'BROKEN'}: {told}"


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
    found = [f"{c.name}: {f.subject}: {f.problem}" for c in all_checks() for f in await c.run(database)]
    async with database.session() as session:
        row = await session.connection.fetchrow(_COUNTS)
    assert row is not None
    return Verdict(
        kills=crew.kills,
        freezes=crew.freezes,
        ended_by_themselves=crew.ended,
        strands=counts["strands"],
        open_deliveries=counts["deliveries"],
        dead_letters=counts["dead_letters"],
        findings=tuple(found),
        books_agree=agree,
        stopped_s=round(stopped_s, 1),
        memory_mb_per_min=crew.slope_mb_per_min(),
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
