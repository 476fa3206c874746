"""decision_maker.closer: ends positions whose time is over or whose evidence turned against them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from strandloom.blackboard.desk import Ahead, Desk
from strandloom.blackboard.strand import NOTHING, Draft, Said, Strand
from strandloom.kinds.decision import Decision
from strandloom.kinds.instrument import Instruments
from strandloom.kinds.plan import Side, TradingPlan
from strandloom.kinds.position import Held, PositionTracking
from strandloom.kinds.prediction import Prediction
from strandloom.risk import gate
from strandloom.risk.limits import Limits
from strandloom.risk.values import Account, Ask, Market
from strandloom.teams.decision_maker import situation
from strandloom.teams.decision_maker.answers import refusal, shown

WORST_PERCENT = Decimal(1)  # how far from the mid price a closing order may trade
NOT_FOLLOWED = ("dm:refusal", "cil:refusal")  # a close that was refused has no shadow
AGAIN_MINUTES = 5  # a position that is still there is asked for again
PATIENCE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A position to be closed, and why."""

    held: Held
    why: str


class Closer:
    """Reads what is held once a minute, and signals as they come."""

    name = "decision_maker.closer"
    reads = ("market:heartbeat", "dm:signal")

    def __init__(self, instruments: Instruments, limits: Callable[[], Limits]) -> None:
        self._instruments = instruments
        self._limits = limits

    async def handle(self, strand: Strand, desk: Desk) -> Said:
        latest = await desk.board.latest("position_tracking")
        tracking = latest[0].body if latest else None
        if not isinstance(tracking, PositionTracking) or not tracking.held:
            return NOTHING
        if isinstance(strand.body, Prediction):
            due = await self._turned(strand.body, tracking, desk)
        else:
            due = [d for held in tracking.held if (d := await self._overdue(held, strand.at, desk))]
        return Said(drafts=tuple(self._close(strand, one, desk) for one in due))

    async def wakes(self, ahead: Ahead, desk: Desk) -> int:
        """When the first time limit of what is held will be over."""
        latest = await desk.board.latest("position_tracking")
        tracking = latest[0].body if latest else None
        held = tracking.held if isinstance(tracking, PositionTracking) else ()
        return min([ahead.stop, *[await self._due(one, ahead, desk) for one in held]])

    async def _due(self, held: Held, ahead: Ahead, desk: Desk) -> int:
        opened = await desk.board.get(held.decision) if held.decision is not None else None
        body = opened.body if opened else None
        if not isinstance(body, Decision) or body.time_limit_s is None:
            return ahead.stop
        over = held.opened_at + timedelta(seconds=body.time_limit_s)
        return max(ahead.first, int(over.timestamp()) // 60 - 1)

    async def _overdue(self, held: Held, now: datetime, desk: Desk) -> Due | None:
        """Its time limit is over; asked again every few minutes while it is still there."""
        if held.decision is None:
            return None
        opened = await desk.board.get(held.decision)
        body = opened.body if opened else None
        if not isinstance(body, Decision) or body.time_limit_s is None:
            return None
        over_s = (now - held.opened_at).total_seconds() - body.time_limit_s
        if over_s < 0 or int(over_s // 60) % AGAIN_MINUTES:
            return None
        return Due(held=held, why=f"its time limit of {body.time_limit_s // 60} minutes is over")

    async def _turned(self, signal: Prediction, tracking: PositionTracking, desk: Desk) -> list[Due]:
        """The pattern that opened it now says the contrary."""
        against = [
            held
            for held in tracking.held
            if held.symbol == signal.symbol and (held.quantity > 0) == (signal.direction == "down")
        ]
        found = []
        for held in against:
            opened = await desk.board.get(held.plan) if held.plan else None
            plan = opened.body if opened else None
            if isinstance(plan, TradingPlan) and plan.idea.endswith(f":{signal.pattern}"):
                found.append(Due(held=held, why=f"{signal.pattern} now says {signal.direction}"))
        return found

    def _close(self, strand: Strand, due: Due, desk: Desk) -> Draft:
        held = due.held
        market = situation.market_of(
            held.symbol, desk.market, desk.now, self._instruments, blocked=False, healthy=True
        )
        side: Side = "sell" if held.quantity > 0 else "buy"
        price = _worst(market, held, side)
        ask = Ask(
            plan=str(held.plan or ""),
            idea=f"close:{held.symbol}",
            symbol=held.symbol,
            buys=side == "buy",
            quantity=abs(held.quantity),
            price=price,
            stop=None,
            reduces_only=True,
        )
        judged = gate.judge(ask, EMPTY, market, self._limits())
        if isinstance(judged, gate.Refused):
            about = held.plan or held.decision or strand.id
            return refusal(about, held.symbol, side, judged.answers, tags=NOT_FOLLOWED)
        decision = Decision(
            intent="close",
            plan=held.plan,
            symbol=held.symbol,
            side=side,
            quantity=abs(held.quantity),
            entry_type="market",
            worst_price=price,
            time_in_force="ioc",
            expires_at=strand.at + PATIENCE,
            reduce_only=True,
            exploration=held.exploration,
            venue=held.venue,
            answers=tuple(map(shown, judged.answers)),
            reason=due.why,
        )
        tags = ("trader:execute", "dm:decision", "cil:decision")
        parents = tuple(name for name in (held.plan, held.decision) if name is not None)
        return Draft(body=decision, tags=tags, parents=parents, symbol=held.symbol)


def _worst(market: Market, held: Held, side: Side) -> Decimal:
    mid = market.mid or held.mark
    away = mid * WORST_PERCENT / 100
    return mid - away if side == "sell" else mid + away


EMPTY = Account(equity_usd=Decimal(0), day_start_usd=Decimal(0))  # closing looks at no account
