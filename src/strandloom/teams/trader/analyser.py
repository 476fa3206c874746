"""trader.analyser: measures every order and every closed trade against what was written down beforehand."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from strandloom.basics import ids
from strandloom.blackboard.desk import Desk
from strandloom.blackboard.strand import NOTHING, Draft, Said, Strand, Write
from strandloom.kinds.order import OrderIntent, OrderStatus
from strandloom.kinds.plan import TradingPlan
from strandloom.kinds.uncertainty import Uncertainty
from strandloom.learning.executions import mark, told, uuid_or_none
from strandloom.scoring.costs import CostModel
from strandloom.teams.trader import closed_trade as closing
from strandloom.teams.trader import ended as ending
from strandloom.teams.trader import open_doubts, saying, surprises, wanted
from strandloom.teams.trader.ended import Ended
from strandloom.teams.trader.sight import mid_of
from strandloom.teams.trader.surprises import Result

ANALYSIS = ("trader:performance_analysis", "cil:performance_analysis", "dm:execution_feedback")
OUTCOME = ("learning:outcome", "cil:outcome")


class Analyser:
    """Sits before the sender, so a replay writes the yardstick down before anything is sent.

    An order's chance comes with its intent, so it was written down before anything could be sent; what was
    asked for without one is not measured.

    Latencies are wall time between strands, so they are measured only where orders travel: on paper they
    stay empty, and a replay says the same to the letter.
    """

    name = "trader.analyser"
    reads = ("trader:order_intent:*", "trader:order_status")

    def __init__(self, costs: CostModel, *, travels: bool) -> None:
        self._costs = costs
        self._travels = travels
        self._crossing = wanted.Crossing()

    async def handle(self, strand: Strand, desk: Desk) -> Said:
        body = strand.body
        if isinstance(body, OrderIntent):
            return await self._wanted(strand, body, desk)
        if isinstance(body, OrderStatus) and body.cloid is not None:
            return await self._moved(strand, body, body.cloid, desk)
        if isinstance(body, OrderStatus) and body.state == "closed":
            return await self._closed(strand, body, desk)
        return NOTHING

    async def _wanted(self, strand: Strand, body: OrderIntent, desk: Desk) -> Said:
        """Write down what it should cost, before it is known what it did."""
        if body.p is None:
            return NOTHING
        notional_usd = float(body.quantity * wanted.arrival_of(body))
        modelled = self._crossing.bps(desk.market, body.symbol, notional_usd)
        order = wanted.wanted(strand, body, await plan_of(body.plan, desk), modelled, self._costs)
        begun = wanted.begin(order, strand.created_at if self._travels else None)
        way = order.way.keys[1]
        if await desk.tables.look("execution.sums", keys=[way]):
            return Said(writes=(begun,))
        doubt = open_doubts.few_executions(way, 0, strand.at)
        raised = ids.strand_id(strand.at, strand.id, self.name, "uncertainty", 0)
        return Said(drafts=(doubt,), writes=(begun, told(way, doubt=str(raised))))

    async def _moved(self, strand: Strand, body: OrderStatus, cloid: str, desk: Desk) -> Said:
        rows = await desk.tables.look("execution.order", cloid=cloid)
        if not rows or rows[0]["closed_at"] is not None:
            return NOTHING
        row = rows[0]
        known = self._known(strand, body, row)
        if body.state == "unknown" and row["doubted"] is None:
            doubt = open_doubts.order_in_doubt(cloid, body.symbol, body.why or "no answer", strand.at)
            raised = ids.strand_id(strand.at, strand.id, self.name, "uncertainty", 0)
            return Said(drafts=(doubt,), writes=(mark(cloid, **known, doubted=str(raised)),))
        if body.state not in ending.OVER:
            return Said(writes=(mark(cloid, **known),)) if known else NOTHING
        order = ending.ended({**row, **known}, body, mid_of(desk.market, body.symbol), strand.at)
        return await self._ended(strand, order, known, desk)

    def _known(self, strand: Strand, body: OrderStatus, row: dict[str, Any]) -> dict[str, Any]:
        """What this status adds to what is known of the order."""
        known: dict[str, Any] = {}
        if body.filled and row["filled_at"] is None:
            known["filled_at"] = strand.at.isoformat()
        if self._travels and row["wanted_wall"] is not None and body.state != "unknown":
            stage = "sent_s" if body.state == "sent" else "acknowledged_s"
            if row[stage] is None:
                since = datetime.fromisoformat(str(row["wanted_wall"]))
                known[stage] = (strand.created_at - since).total_seconds()
        return known

    async def _ended(self, strand: Strand, order: Ended, known: dict[str, Any], desk: Desk) -> Said:
        """The order is over: what it cost is told, once."""
        cloid = str(order.row["cloid"])
        writes: list[Write] = [mark(cloid, **known)] if known else []
        writes.append(ending.end(order))
        drafts = []
        if order.row["doubted"] is not None:
            raised = UUID(str(order.row["doubted"]))
            reason = f"the venue says: {order.status.state}"
            drafts.append(open_doubts.order_in_doubt(cloid, order.row["symbol"], reason, order.at, raised))
        if order.is_withdrawn:
            return Said(drafts=tuple(drafts), writes=tuple(writes))
        settled = await self._settled(order, desk)
        reference = await self._reference(order, desk)
        drafts += [_about(order, ending.analysis(order, reference), ANALYSIS), *settled.drafts]
        outcome = ending.outcome(order, self._costs.name)
        if outcome is not None:
            drafts.append(_about(order, outcome, OUTCOME))
        said = Said(drafts=tuple(drafts), writes=(*writes, *settled.writes))
        found = await desk.board.get(UUID(str(order.row["intent"])))
        intent = found.body if found is not None and isinstance(found.body, OrderIntent) else None
        return await self._weighed(said, surprises.of_order(order, intent), strand, desk)

    async def _weighed(self, said: Said, result: Result | None, strand: Strand, desk: Desk) -> Said:
        """With the question that a result raises or settles."""
        earlier = sum(isinstance(draft.body, Uncertainty) for draft in said.drafts)
        name = ids.strand_id(strand.at, strand.id, self.name, "uncertainty", earlier)
        return saying.joined(said, await surprises.weighed(result, name, strand.at, desk))

    async def _settled(self, order: Ended, desk: Desk) -> Said:
        """Enough orders went this way: the question is closed."""
        way = order.way.keys[1]
        rows = await desk.tables.look("execution.sums", keys=[way])
        raised = uuid_or_none(rows[0]["doubt"]) if rows else None
        orders = int(rows[0]["orders"]) + 1 if rows else 1
        if raised is None or orders < open_doubts.ENOUGH:
            return NOTHING
        return Said(
            drafts=(open_doubts.few_executions(way, orders, order.at, raised),),
            writes=(told(way, doubt=None),),
        )

    async def _reference(self, order: Ended, desk: Desk) -> Decimal | None:
        """The plan's price is what an entry is held against."""
        if order.row["leg"] != "entry":
            return None
        plan = await plan_of(uuid_or_none(order.row["plan"]), desk)
        return plan.reference if plan else None

    async def _closed(self, strand: Strand, body: OrderStatus, desk: Desk) -> Said:
        """The one closing of a trade: result beside expectation, and to whom it belongs."""
        rows = await desk.tables.look("execution.of", trade=str(body.trade or body.decision))
        plan = await plan_of(body.plan, desk)
        trade = closing.closed_trade(body, rows, plan, strand.at)
        if trade is None:
            return NOTHING
        analysis = Draft(
            body=closing.analysis(trade, self._costs),
            tags=ANALYSIS,
            parents=tuple(name for name in (body.plan, trade.decision) if name is not None),
            symbol=body.symbol,
            timeframe=trade.entry["timeframe"],
        )
        said = Said(drafts=(analysis,), writes=(closing.keep(trade),))
        return await self._weighed(said, surprises.of_trade(trade), strand, desk)


async def plan_of(name: UUID | None, desk: Desk) -> TradingPlan | None:
    """The plan itself; None where there is none, or it was pruned."""
    found = await desk.board.get(name) if name is not None else None
    return found.body if found is not None and isinstance(found.body, TradingPlan) else None


def _about(order: Ended, body: Any, tags: tuple[str, ...]) -> Draft:
    row = order.row
    parents = tuple(UUID(str(row[name])) for name in ("intent", "decision"))
    return Draft(body=body, tags=tags, parents=parents, symbol=row["symbol"], timeframe=row["timeframe"])
