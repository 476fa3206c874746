"""Tells a person in the log what the network does: patterns, refusals, approvals, fills and closed trades."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from loguru import logger

from strandloom.basics.clock import Clock
from strandloom.basics.errors import Retryable
from strandloom.blackboard.board import Past, Search
from strandloom.blackboard.strand import Strand
from strandloom.blackboard.tail import Tail
from strandloom.kinds.decision import Decision, HaltOrder, Refusal
from strandloom.kinds.order import OrderStatus
from strandloom.kinds.pattern import Pattern
from strandloom.kinds.registry import Body

KINDS = ("pattern", "refusal", "decision", "order_status", "halt")
_LOOK_S = 1.0
Line = tuple[str, Mapping[str, Any]]


class Telling:
    """`run` it in one process: that of the Trader."""

    def __init__(self, past: Past, clock: Clock) -> None:
        self._tails = [Tail(past, replace(Search(), kind=kind), clock) for kind in KINDS]
        self._clock = clock

    async def run(self) -> None:
        """For ever; nothing of what was there before."""
        for tail in self._tails:
            await tail.new()
        while True:
            await self._clock.sleep(_LOOK_S)
            try:
                fresh = [strand for tail in self._tails for strand in await tail.new()]
            except Retryable:  # those whose work it is say so
                continue
            tell(fresh)


def tell(strands: Sequence[Strand]) -> None:
    """One line for each that is worth one, in the order in which they were posted."""
    for strand in sorted(strands, key=lambda strand: strand.seq):
        if (told := line(strand.body)) is not None:
            event, fields = told
            logger.info(event, at=f"{strand.at:%Y-%m-%d %H:%M}", **fields)


def line(body: Body) -> Line | None:
    """What is said of one strand; None of most."""
    match body:
        case Pattern(phase="onset") as seen:
            sees = {"symbol": seen.symbol, "pattern": seen.name, "timeframe": seen.timeframe}
            return "pattern_seen", {**sees, "direction": seen.direction}
        case Refusal() as no:
            return "plan_refused", {"symbol": no.symbol, "side": no.side, "rules": _rules(no)}
        case Decision(intent="open") as yes:
            event = "probe_approved" if yes.exploration else "plan_approved"
            return event, {"symbol": yes.symbol, "side": yes.side, "quantity": f"{yes.quantity:f}"}
        case OrderStatus(state="filled") as order:
            return "order_filled", _filled(order)
        case OrderStatus(state="closed") as order if order.realised_usd is not None:
            return "trade_closed", {"symbol": order.symbol, "result_usd": f"{order.realised_usd:+.2f}"}
        case HaltOrder() as halt:
            return "trading_halted", {"symbol": halt.symbol or "everything", "why": halt.reason}
    return None


def _rules(refusal: Refusal) -> str:
    return ",".join(answer.rule for answer in refusal.failed)


def _filled(order: OrderStatus) -> Mapping[str, Any]:
    price = order.average_price
    return {
        "symbol": order.symbol,
        "leg": order.leg,
        "side": order.side,
        "quantity": f"{order.filled:f}",
        "price": None if price is None else f"{price:f}",
    }
