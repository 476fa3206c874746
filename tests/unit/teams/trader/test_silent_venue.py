"""A comparison with a venue that says nothing is refused with the reason, and made in the next slot."""

from strandloom.blackboard.strand import Draft
from strandloom.kinds.job import Job
from strandloom.kinds.system import HandlerRefused
from tests.unit.teams.trader.desk import TradingDesk


async def test_a_silent_venue_is_no_fault_of_the_reconciler() -> None:
    desk = TradingDesk()
    await desk.calm(3)
    desk.venue.silent = True
    job = Draft(
        body=Job(job="reconcile", slot=desk.network.window.view().now), tags=("system:job:reconcile",)
    )
    await desk.network.tell(job, by="system.timetable")
    (refused,) = [strand.body for strand in await desk.network.said("handler_refused")]
    assert isinstance(refused, HandlerRefused) and refused.rule == "venue_silent"
    desk.venue.silent = False
    await desk.network.minute()
    await desk.network.tell(job, by="system.timetable")
    assert len(await desk.network.said("reconciliation")) == 1
