"""Entries that still rest: what is late or halted is taken back, what was patient enough crosses."""

from strandloom.blackboard.desk import Desk
from strandloom.kinds.decision import Decision
from strandloom.kinds.order import OrderIntent
from strandloom.teams.trader import saying
from strandloom.teams.trader.order import Order
from strandloom.teams.trader.round import Round
from strandloom.teams.trader.saying import cloid_of
from strandloom.teams.trader.stops import with_stop


async def entries(round_: Round, desk: Desk) -> None:
    """Each of them is looked at."""
    resting = [order for order in round_.orders.values() if order.leg == "entry" and order.rests]
    if not resting:
        return
    halted = {halt["symbol"] for halt in await desk.tables.look("halt.all")}
    for order in resting:
        late = order.expires_at <= desk.now
        stopped = bool(halted & {"", order.symbol})
        patient = order.patient_until is None or order.patient_until > desk.now
        if not (late or stopped) and patient:
            continue
        crosses = not (late or stopped)
        after = await round_.cancel(order, ends="expired" if late else None, more=crosses)
        if crosses and after.is_over and after.left > 0:
            await _cross(after, round_, desk)


async def _cross(order: Order, round_: Round, desk: Desk) -> None:
    """What a patient entry did not get is taken, within the decision's worst price."""
    found = await desk.board.get(order.decision)
    if found is None or not isinstance(found.body, Decision):
        return
    part = order.part + 1
    intent = OrderIntent(
        decision=order.decision,
        plan=order.plan,
        leg="entry",
        part=part,
        cloid=cloid_of(order.decision, "entry", part),
        venue=order.venue,
        symbol=order.symbol,
        side=order.side,
        quantity=order.left,
        price=found.body.worst_price,
        time_in_force="ioc",
        reduce_only=False,
        expires_at=order.expires_at,
        style="maker",
        because="its patience was over",
        arrival=order.arrival,
        exploration=order.exploration,
        risk_usd=order.risk_usd,
        stop=order.stop,
        take_profit=order.take_profit,
    )
    asked = saying.asked(with_stop(intent, round_.instrument(order.symbol)), desk.now)
    round_.drafts += asked.drafts
    round_.writes += asked.writes
