"""Results outside what was thought possible: asked once per idea or way of sending, until one lies inside."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from strandloom.blackboard.desk import Desk
from strandloom.blackboard.strand import NOTHING, Draft, Said
from strandloom.kinds.order import OrderIntent
from strandloom.teams.trader import doubt_tables, open_doubts
from strandloom.teams.trader.because import percent
from strandloom.teams.trader.closed_trade import ClosedTrade
from strandloom.teams.trader.ended import Ended

DOUBT = "outside_interval"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A number beside the interval that was written down for it beforehand."""

    subject: str  # an idea, or a way of sending
    symbol: str | None  # None: the question is about orders of any symbol
    came: str  # in words, with its interval
    inside: bool
    settles: str


def of_trade(trade: ClosedTrade) -> Result | None:
    """Against what its plan thought possible; None where there was no plan."""
    interval = trade.interval_bps()
    if interval is None or trade.plan is None:
        return None
    low, high = interval
    return Result(
        subject=trade.plan.idea,
        symbol=trade.status.symbol,
        came=f"it came to {percent(trade.realised_bps)}; its plan allowed {percent(low)} to {percent(high)}",
        inside=low <= trade.realised_bps <= high,
        settles="the next trade of the same idea inside its interval",
    )


def of_order(order: Ended, intent: OrderIntent | None) -> Result | None:
    """Against what orders sent this way had come to; None where there were too few, or nothing to measure."""
    if intent is None or intent.likely_saved_bps is None or order.result is None:
        return None
    low, high = intent.likely_saved_bps
    saved = order.result.saved_bps
    allowed = f"orders sent this way had come to {low:.1f} to {high:.1f}"
    return Result(
        subject=order.way.keys[1],
        symbol=None,
        came=f"it saved {saved:.1f} bps against a taker order; {allowed}",
        inside=low <= saved <= high,
        settles="the next order sent this way inside its interval",
    )


async def weighed(result: Result | None, raised: UUID, at: datetime, desk: Desk) -> Said:
    """Raise, settle, or say nothing; `raised` is what a question would be called."""
    if result is None:
        return NOTHING
    rows = await desk.tables.look("doubt.one", doubt=DOUBT, subject=result.subject)
    if bool(rows) is not result.inside:
        return NOTHING  # it is open already, or there is nothing to settle
    if rows:
        draft = open_doubts.ended(rows[0], "resolved", f"settled: {result.came}")
        return Said(drafts=(draft,), writes=(doubt_tables.ended(DOUBT, result.subject),))
    body = open_doubts.outside_interval(result.subject, result.symbol, result.came, result.settles, at)
    return Said(drafts=(open_doubts.told(body),), writes=(doubt_tables.opened(body, raised),))


async def ran_out(at: datetime, desk: Desk) -> Said:
    """Nothing has settled them in time: they end open."""
    rows: list[Mapping[str, Any]] = list(await desk.tables.look("doubt.over", at=at.isoformat()))
    drafts: list[Draft] = [
        open_doubts.ended(row, "unresolved", "nothing has settled it in time") for row in rows
    ]
    return Said(
        drafts=tuple(drafts), writes=tuple(doubt_tables.ended(r["doubt"], r["subject"]) for r in rows)
    )
