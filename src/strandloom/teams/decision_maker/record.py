"""decision_maker.record: holds what became of every plan against what the observers said of it."""

from decimal import Decimal

from strandloom.blackboard.desk import Desk, Looks
from strandloom.blackboard.strand import NOTHING, Said, Strand, new_said
from strandloom.kinds.order import OrderStatus
from strandloom.kinds.plan import TradingPlan
from strandloom.kinds.prediction import Outcome
from strandloom.risk.reliability import Reliability
from strandloom.teams.decision_maker import observers, tables

BPS = Decimal(10_000)


class Record:
    """Trades that closed, and shadows of plans that were refused, count alike: each plan once."""

    name = "decision_maker.record"
    reads = ("trader:order_status:closed", "learning:shadow_outcome")

    async def handle(self, strand: Strand, desk: Desk) -> Said:
        plan, r_bps = await _result(strand, desk)
        if (
            plan is None
            or r_bps is None
            or not isinstance(plan.body, TradingPlan)
            or plan.body.confidence is None
        ):
            return NOTHING
        before, version = await reliability(desk.tables)
        said = {o.observer: o.confidence for o in plan.body.observations if o.stance != "silent"}
        raw, _ = observers.pooled(plan.body.observations, before.correlation())
        after = before.with_plan(str(plan.id), plan.at.timestamp(), said, raw, r_bps)
        if after is before:
            return NOTHING
        return new_said(writes=(tables.put_reliability(after, version),))


async def reliability(looks: Looks) -> tuple[Reliability, int]:
    """The table as it stands."""
    return tables.reliability_of(await looks.look("risk.state", account=tables.OBSERVERS))


async def _result(strand: Strand, desk: Desk) -> tuple[Strand | None, float | None]:
    """The plan that came to its end, and what it earned net."""
    body = strand.body
    if isinstance(body, Outcome):
        shadow = await desk.board.get(body.prediction)
        parents = shadow.parents if shadow is not None else ()
        found = [await desk.board.get(name) for name in parents]
        return next((s for s in found if s is not None and s.kind == "trading_plan"), None), body.r_bps
    if isinstance(body, OrderStatus) and body.state == "closed" and body.plan is not None:
        notional = body.filled * (body.average_price or Decimal(0))
        if body.realised_usd is None or notional <= 0:
            return None, None
        return await desk.board.get(body.plan), float(body.realised_usd / notional * BPS)
    return None, None
