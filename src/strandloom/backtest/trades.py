"""Closed trades as rows: what was planned, what was done, what it cost and how it ended."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from strandloom.backtest.result import Result
from strandloom.kinds.decision import Decision
from strandloom.kinds.fill import Fill
from strandloom.kinds.order import OrderIntent, OrderStatus
from strandloom.kinds.plan import Side, TradingPlan

BPS = Decimal(10_000)
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """One position from its first fill to its last."""

    decision: UUID
    plan: UUID | None
    symbol: str
    side: Side
    opened_at: datetime
    closed_at: datetime
    quantity: Decimal
    entry_price: Decimal
    exit_price: Decimal
    fees_usd: Decimal
    slippage_usd: Decimal  # against the mid prices at which its orders were wanted; stops have none
    realised_usd: Decimal  # net of everything
    net_bps: float  # of what was bought or sold at entry
    ended_by: str
    pattern: str
    p: float | None
    expected_bps: float | None
    exploration: bool
    ambiguous: bool  # the order of two fills inside one bar is an assumption
    reason: str


def trades(result: Result) -> list[Trade]:
    """Every trade that was closed, in the order of closing."""
    wanted = {body.cloid: body for _, body in result.said(OrderIntent)}
    decided = {strand.id: body for strand, body in result.said(Decision)}
    planned = {strand.id: body for strand, body in result.said(TradingPlan)}
    filled = _by_position(result.fills, wanted, decided)
    found = []
    for _, body in result.said(OrderStatus):
        fills = filled.get(body.plan or body.decision, [])
        if body.state == "closed" and fills:
            plan = planned.get(body.plan) if body.plan else None
            found.append(_trade(body, decided[body.decision], plan, fills, wanted))
    return found


def _by_position(
    fills: tuple[Fill, ...], wanted: dict[str, OrderIntent], decided: dict[UUID, Decision]
) -> dict[UUID, list[Fill]]:
    """Fills of entry, stop, target and close under the plan, or where none is, under the decision.

    What the venue did by itself (liquidation, settlement) belongs to whoever traded last on the symbol.
    """
    grouped: dict[UUID, list[Fill]] = defaultdict(list)
    last: dict[str, UUID] = {}
    for fill in fills:
        intent = wanted.get(fill.cloid or "")
        if intent is not None:
            last[fill.symbol] = decided[intent.decision].plan or intent.decision
        if fill.symbol in last:
            grouped[last[fill.symbol]].append(fill)
    return grouped


def _trade(
    body: OrderStatus,
    decision: Decision,
    plan: TradingPlan | None,
    fills: list[Fill],
    wanted: dict[str, OrderIntent],
) -> Trade:
    entries = [fill for fill in fills if fill.side == decision.side]
    exits = [fill for fill in fills if fill.side != decision.side]
    quantity, paid = _total(entries)
    left, earned = _total(exits)
    realised = body.realised_usd if body.realised_usd is not None else ZERO
    return Trade(
        decision=body.decision,
        plan=body.plan,
        symbol=body.symbol,
        side=decision.side,
        opened_at=fills[0].at,
        closed_at=fills[-1].at,
        quantity=quantity,
        entry_price=paid / quantity if quantity else ZERO,
        exit_price=earned / left if left else ZERO,
        fees_usd=sum((fill.fee_usd for fill in fills), ZERO),
        slippage_usd=sum(_slipped(fills, wanted), ZERO),
        realised_usd=realised,
        net_bps=float(realised / paid * BPS) if paid else 0.0,
        ended_by=body.why,
        pattern=plan.idea.rpartition(":")[2] if plan else "",
        p=plan.expected.p if plan else None,
        expected_bps=plan.expected.net_bps if plan else None,
        exploration=decision.exploration,
        ambiguous=any(fill.ambiguous for fill in fills),
        reason=decision.reason,
    )


def _total(fills: list[Fill]) -> tuple[Decimal, Decimal]:
    """Quantity and value."""
    quantity = sum((fill.quantity for fill in fills), ZERO)
    return quantity, sum((fill.quantity * fill.price for fill in fills), ZERO)


def _slipped(fills: list[Fill], wanted: dict[str, OrderIntent]) -> Iterator[Decimal]:
    """What each fill cost beyond the mid price at which it was wanted; below zero it was better."""
    for fill in fills:
        intent = wanted.get(fill.cloid or "")
        if intent is not None and intent.arrival is not None:
            away = fill.price - intent.arrival
            yield fill.quantity * (away if fill.side == "buy" else -away)
