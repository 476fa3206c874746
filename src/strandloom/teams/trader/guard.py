"""trader.guard: whatever is filled has a stop at once, and a take-profit beside it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from strandloom.blackboard.desk import Desk
from strandloom.blackboard.strand import NOTHING, Draft, Said, Strand
from strandloom.kinds.decision import Decision
from strandloom.kinds.order import Leg, OrderIntent, OrderStatus
from strandloom.kinds.plan import Side
from strandloom.teams.trader import tables
from strandloom.teams.trader.saying import cloid_of
from strandloom.venues.port import Venue

STOP_SLIPPAGE = Decimal("0.1")  # a triggered stop is a market order; this bounds its price


class Guard:
    """Each further fill of an entry gets protection of its own, so the whole position always has it."""

    name = "trader.guard"
    reads = ("trader:order_status",)

    def __init__(self, venue: Venue) -> None:
        self._venue = venue

    async def handle(self, strand: Strand, desk: Desk) -> Said:
        entry = strand.body
        if not isinstance(entry, OrderStatus) or entry.leg != "entry" or not entry.filled or not entry.venue:
            return NOTHING
        found = await desk.board.get(entry.decision)
        if found is None or not isinstance(found.body, Decision):
            return NOTHING
        rows = await desk.tables.look("order.of", decision=str(entry.decision))
        opened = tables.open_trade(entry.decision, entry.plan, entry.symbol, strand.at)
        drafts, writes = [], [opened]
        for leg, level in _legs(found.body):
            missing = entry.filled - _covered(rows, leg)
            if missing > 0:
                intent = self._leg(entry, found.body, leg, level, missing)
                drafts.append(_drafted(intent, entry.decision))
                writes.append(tables.put_order(intent, entry.plan, "intended", None, strand.at))
        return Said(drafts=tuple(drafts), writes=tuple(writes))

    def _leg(
        self, entry: OrderStatus, decision: Decision, leg: Leg, level: Decimal, quantity: Decimal
    ) -> OrderIntent:
        side: Side = "sell" if entry.side == "buy" else "buy"
        beyond = 1 - STOP_SLIPPAGE if side == "sell" else 1 + STOP_SLIPPAGE
        instrument = self._venue.instrument(entry.symbol)
        part = int(entry.filled / instrument.lot) if instrument else 0
        return OrderIntent(
            decision=entry.decision,
            leg=leg,
            part=part,
            cloid=cloid_of(entry.decision, leg, part),
            venue=entry.venue or self._venue.name,
            symbol=entry.symbol,
            side=side,
            quantity=quantity,
            price=level * beyond if leg == "stop" else level,
            trigger=level if leg == "stop" else None,
            time_in_force="gtc",
            reduce_only=True,
            expires_at=decision.expires_at,
            style="taker" if leg == "stop" else "maker",
            because=f"the {leg.replace('_', '-')} of the position",
        )


def _legs(decision: Decision) -> Sequence[tuple[Leg, Decimal]]:
    wanted: tuple[tuple[Leg, Decimal | None], ...] = (
        ("stop", decision.stop),
        ("take_profit", decision.take_profit),
    )
    return [(leg, level) for leg, level in wanted if level is not None]


def _covered(rows: Sequence[Mapping[str, Any]], leg: Leg) -> Decimal:
    """How much of the position has such an order, sent or about to be."""
    mine = [row for row in rows if row["leg"] == leg and row["state"] not in ("rejected", "cancelled")]
    return sum((Decimal(str(row["quantity"])) for row in mine), Decimal(0))


def _drafted(intent: OrderIntent, decision: UUID) -> Draft:
    return Draft(body=intent, tags=("trader:order_intent",), parents=(decision,), symbol=intent.symbol)
