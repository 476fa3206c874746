"""trader.reporter: adds up what each hour and each day of market time came to, and how venues executed."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from strandloom.blackboard.desk import Desk
from strandloom.blackboard.strand import NOTHING, Draft, Said, Strand
from strandloom.kinds.job import Job
from strandloom.kinds.position import PositionTracking
from strandloom.teams.trader import hours, saying, surprises
from strandloom.teams.trader.hours import Counts
from strandloom.teams.trader.reporting import report, risk_taken
from strandloom.teams.trader.venue_score import venue_performance

COUNTED = ("trading_plan", "decision", "refusal", "outcome", "data_quality")
FEW, MOST = 64, 1_000  # strands of a kind read at a time: a quiet hour reads few
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
VENUE = ("trader:venue_performance", "cil:venue_performance")


class Reporter:
    """A day is the sum of its hours.

    What carries the time of a slot itself belongs to the next span: it may still be on its way.
    """

    name = "trader.reporter"
    reads = ("system:job:report_hourly", "system:job:report_daily")

    async def handle(self, strand: Strand, desk: Desk) -> Said:
        job = strand.body
        if not isinstance(job, Job):
            return NOTHING
        if job.job == "report_daily":
            until = job.slot.replace(hour=0, minute=0, second=0, microsecond=0)
            return await self._day(until, desk)
        return await self._hour(job.slot.replace(minute=0, second=0, microsecond=0), desk)

    async def _hour(self, until: datetime, desk: Desk) -> Said:
        since = until - HOUR
        counts = await self._counts(since, until, desk)
        told = await self._told("hour", since, until, counts, desk)
        venues = await self._venues(since, until, desk)
        said = Said(drafts=(told, *venues), writes=(hours.keep(counts, since),))
        return saying.joined(said, await surprises.ran_out(until, desk))

    async def _day(self, until: datetime, desk: Desk) -> Said:
        """Its last hour is reported at the same moment, so it is counted here."""
        since, last = until - DAY, until - HOUR
        rows = await desk.tables.look("report.hours", since=since.isoformat(), until=last.isoformat())
        counts = hours.added(rows).plus(await self._counts(last, until, desk))
        return Said(drafts=(await self._told("day", since, until, counts, desk),))

    async def _told(self, span: str, since: datetime, until: datetime, counts: Counts, desk: Desk) -> Draft:
        between = {"since": since.isoformat(), "until": until.isoformat()}
        trades = await desk.tables.look("execution.trades", **between)
        orders = await desk.tables.look("execution.closed", **between)
        tracking = await desk.board.latest("position_tracking")
        account = tracking[0].body if tracking else None
        risk = risk_taken(
            await desk.tables.look("budget.live"), account if isinstance(account, PositionTracking) else None
        )
        body = report("day" if span == "day" else "hour", since, until, trades, orders, counts, risk)
        tags = ("trader:performance_report", f"trader:performance_report:{span}", "cil:performance_report")
        return Draft(body=body, tags=tags)

    async def _counts(self, since: datetime, until: datetime, desk: Desk) -> Counts:
        strands: list[Strand] = []
        truncated = False
        for kind in COUNTED:
            found = await desk.board.latest(kind, limit=FEW)
            if len(found) == FEW and found[-1].at >= since:
                found = await desk.board.latest(kind, limit=MOST)
                truncated |= len(found) == MOST and found[-1].at >= since
            strands += [strand for strand in found if since <= strand.at < until]
        return hours.counted(strands, truncated=truncated)

    async def _venues(self, since: datetime, until: datetime, desk: Desk) -> Sequence[Draft]:
        """Those that were traded on in that hour."""
        between = {"since": since.isoformat(), "until": until.isoformat()}
        used = {row["venue"] for row in await desk.tables.look("execution.closed", **between)}
        if not used:
            return ()
        rows = await desk.tables.look("execution.venues")
        return [
            Draft(body=venue_performance(row, until), tags=VENUE)
            for row in rows
            if row["key"] in used and row["orders"]
        ]
