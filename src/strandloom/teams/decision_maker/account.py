"""decision_maker.account: keeps the standing and the budget true to what orders and positions say."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from strandloom.blackboard.desk import Desk
from strandloom.blackboard.strand import NOTHING, Draft, Said, Strand, Write, new_draft, new_said
from strandloom.kinds.decision import HaltOrder, Hibernation
from strandloom.kinds.order import OrderStatus
from strandloom.kinds.position import PositionTracking
from strandloom.risk import standing as standings
from strandloom.risk.limits import Limits
from strandloom.risk.standing import Standing
from strandloom.risk.values import ZERO, Halted
from strandloom.teams.decision_maker import tables
from strandloom.teams.decision_maker.shadows import earned_back, shadows_of

ENDED_EMPTY = ("cancelled", "rejected", "expired")
FILLING = ("partly_filled", "filled")


class AccountKeeper:
    """One closing path: a claim ends here and nowhere else."""

    name = "decision_maker.account"
    reads = (
        "trader:position_tracking",
        *(f"trader:order_status:{state}" for state in (*FILLING, *ENDED_EMPTY, "closed")),
    )

    def __init__(self, limits: Callable[[], Limits]) -> None:
        self._limits = limits

    async def handle(self, strand: Strand, desk: Desk) -> Said:
        body = strand.body
        if isinstance(body, PositionTracking):
            return await self._mark(strand, body, desk)
        if isinstance(body, OrderStatus):
            return await self._order(strand, body, desk)
        return NOTHING

    async def _mark(self, strand: Strand, body: PositionTracking, desk: Desk) -> Said:
        """A new look at the account: a new standing, and a halt for every limit that it breaks."""
        before, version = tables.standing_of(await desk.tables.look("risk.state", account=tables.ACCOUNT))
        mark = standings.Mark(
            at=strand.at, equity_usd=body.equity_usd, flows_usd=body.flows_usd, open_usd=_open_results(body)
        )
        limits = self._limits()
        after = standings.begin(mark) if before is None else standings.advance(before, mark, limits)
        if before is not None and after.day != before.day:
            after = await self._released(after, desk)
        due = standings.halts_due(after, limits)
        halts = await _halts(due, desk) if due else ()
        sleepers = standings.hibernating(after, limits)
        known = standings.hibernating(before, limits) if before is not None and sleepers else ()
        asks = [
            new_draft(
                body=Hibernation(symbol=symbol), tags=("dm:hibernation", "cil:hibernation"), symbol=symbol
            )
            for symbol in sleepers
            if symbol not in known
        ]
        writes = () if after == before else (tables.put_standing(after, version),)
        return new_said(drafts=(*halts, *asks), writes=writes)

    async def _released(self, standing: Standing, desk: Desk) -> Standing:
        """Once a day: symbols on probation whose shadows earned their way back, one level at a time."""
        for symbol, level in standing.probation.items():
            since = standing.level_since.get(symbol)
            if level and since is not None and earned_back(await shadows_of(desk.tables, symbol, since)):
                standing = standings.release_symbol(standing, symbol)
        return standing

    async def _order(self, strand: Strand, body: OrderStatus, desk: Desk) -> Said:
        """Fills use the budget; ends without a fill and closed trades release it."""
        if body.plan is None:
            return NOTHING
        if body.state == "closed":
            return await self._closed(strand, body, desk)
        if body.leg != "entry":
            return NOTHING
        if body.state in FILLING or (body.state in ENDED_EMPTY and body.filled > 0):
            signed = body.filled * (body.average_price or ZERO) * (1 if body.side == "buy" else -1)
            return new_said(writes=(tables.use(body.plan, signed, body.risk_usd),))
        if body.state in ENDED_EMPTY and not body.more:
            return new_said(writes=(tables.release(body.plan, strand.at),))
        return NOTHING

    async def _closed(self, strand: Strand, body: OrderStatus, desk: Desk) -> Said:
        assert body.plan is not None  # noqa: S101 - `_order` asked
        writes: list[Write] = [tables.release(body.plan, strand.at)]
        before, version = tables.standing_of(await desk.tables.look("risk.state", account=tables.ACCOUNT))
        if before is not None and body.realised_usd is not None:
            after = standings.closed(before, body.symbol, body.realised_usd, strand.at, str(body.plan))
            if after is not before:
                writes.append(tables.put_standing(after, version))
        return new_said(writes=tuple(writes))


async def _halts(due: Sequence[Halted], desk: Desk) -> list[Draft]:
    """For each rule that is broken and not in force yet."""
    in_force = {(h["rule"], h["symbol"]) for h in await desk.tables.look("halt.all")}
    return [
        new_draft(
            body=HaltOrder(reason=halt.reason, rule=halt.rule, by="network"), tags=("dm:halt", "trader:halt")
        )
        for halt in due
        if (halt.rule, "") not in in_force
    ]


def _open_results(body: PositionTracking) -> dict[str, Decimal]:
    total: dict[str, Decimal] = {}
    for held in body.held:
        total[held.symbol] = total.get(held.symbol, ZERO) + held.unrealised_usd
    return total
