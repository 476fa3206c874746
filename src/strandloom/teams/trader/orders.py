"""trader.orders: waits until a decision's conditions are met, then asks for its order, exactly once."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import numpy as np

from strandloom.blackboard.desk import Desk, Market
from strandloom.blackboard.strand import NOTHING, Draft, Said, Strand, Write
from strandloom.kinds.decision import Decision
from strandloom.kinds.order import OrderIntent
from strandloom.market.conditions import Seen, check
from strandloom.teams.trader import saying, tables
from strandloom.teams.trader.saying import cloid_of
from strandloom.venues.port import Venue

VOLUME_MINUTES = 60
BPS = 10_000


class Orders:
    """Decides when; the sender acts."""

    name = "trader.orders"
    reads = ("trader:execute", "market:heartbeat")

    def __init__(self, venue: Venue) -> None:
        self._venue = venue

    async def handle(self, strand: Strand, desk: Desk) -> Said:
        if isinstance(strand.body, Decision):
            return await self._decided(strand, strand.body, desk)
        return await self._minute(strand, desk)

    async def _decided(self, strand: Strand, body: Decision, desk: Desk) -> Said:
        """A new decision: act at once, or begin to wait; whatever it replaces ends."""
        ended = await self._replaced(body, desk) if body.replaces else Said()
        if body.expires_at <= desk.now:
            late = saying.of_decision(strand.id, body, "expired", why="it came after its expiry")
            return _joined(ended, Said(drafts=(late,)))
        if body.intent == "open" and (busy := await _position_on(body.symbol, desk)):
            why = f"{body.symbol} has the position of decision {busy}; one position per symbol"
            return _joined(ended, Said(drafts=(saying.of_decision(strand.id, body, "rejected", why=why),)))
        if body.condition is None:
            return _joined(ended, Said(drafts=(self._intent(strand.id, body, desk),)))
        verdict = check(body.condition, seen(desk.market, body.symbol, desk.now, since=desk.now))
        if verdict.met:
            return _joined(ended, Said(drafts=(self._intent(strand.id, body, desk),)))
        pending = saying.of_decision(
            strand.id,
            body,
            "pending",
            condition=verdict.what,
            value=verdict.value,
            distance=_bps(verdict.distance_bps),
        )
        wait = tables.open_wait(strand.id, body, desk.now)
        return _joined(ended, Said(drafts=(pending,), writes=(wait,)))

    async def _minute(self, strand: Strand, desk: Desk) -> Said:
        """Every wait is looked at once a minute: met, over, or still waiting."""
        drafts: list[Draft] = []
        writes: list[Write] = []
        for row in await desk.tables.look("wait.open"):
            found = await desk.board.get(UUID(str(row["decision"])))
            if found is None or not isinstance(found.body, Decision):
                writes.append(tables.end_wait(row["decision"]))
                continue
            said = await self._waiting(found, found.body, row, desk)
            drafts += said.drafts
            writes += said.writes
        return Said(drafts=tuple(drafts), writes=tuple(writes)) if writes else NOTHING

    async def _waiting(self, found: Strand, body: Decision, row: Mapping[str, Any], desk: Desk) -> Said:
        over = tables.end_wait(found.id)
        if body.expires_at <= desk.now:
            draft = saying.of_decision(found.id, body, "expired", why="its condition was not met in time")
            return Said(drafts=(draft,), writes=(over,))
        halts = await desk.tables.look("halt.all")
        if halt := next((h for h in halts if h["symbol"] in ("", body.symbol)), None):
            draft = saying.of_decision(found.id, body, "cancelled", why=f"halted: {halt['reason']}")
            return Said(drafts=(draft,), writes=(over,))
        since = datetime.fromisoformat(str(row["since"]))
        if check(body.condition, seen(desk.market, body.symbol, desk.now, since=since)).met:
            return Said(drafts=(self._intent(found.id, body, desk),), writes=(over,))
        return NOTHING

    async def _replaced(self, body: Decision, desk: Desk) -> Said:
        """The wait of the plan that this one replaces is over."""
        for row in await desk.tables.look("wait.open"):
            if row["plan"] == str(body.replaces):
                found = await desk.board.get(UUID(str(row["decision"])))
                if found is not None and isinstance(found.body, Decision):
                    draft = saying.of_decision(
                        found.id, found.body, "cancelled", why="replaced by a newer plan"
                    )
                    return Said(drafts=(draft,), writes=(tables.end_wait(found.id),))
        return NOTHING

    def _intent(self, name: UUID, body: Decision, desk: Desk) -> Draft:
        """The order that is wanted.  Entries cross up to their worst price; limits wait in the book."""
        maker = body.entry_type == "maker"
        intent = OrderIntent(
            decision=name,
            leg="close" if body.intent == "close" else "entry",
            cloid=cloid_of(name, "close" if body.intent == "close" else "entry"),
            venue=body.venue or self._venue.name,
            symbol=body.symbol,
            side=body.side,
            quantity=body.quantity,
            price=body.entry_price or body.worst_price,
            time_in_force="alo" if maker else body.time_in_force,
            reduce_only=body.reduce_only,
            expires_at=body.expires_at,
            style="maker" if maker else "taker",
            because=body.reason,
            arrival=mid_of(desk.market, body.symbol),
        )
        return Draft(body=intent, tags=("trader:order_intent",), parents=(name,), symbol=body.symbol)


def mid_of(market: Market, symbol: str) -> Decimal | None:
    """The newest close of a symbol that is there; nothing else is a price."""
    if symbol not in market.symbols:
        return None
    close = float(market.bars().close[market.symbols.index(symbol), -1])
    return Decimal(repr(close)) if np.isfinite(close) else None


def seen(market: Market, symbol: str, now: datetime, *, since: datetime) -> Seen:
    """What the closed minutes show of a symbol."""
    mid = mid_of(market, symbol)
    if mid is None:
        return Seen(at=now)
    row, bars = market.symbols.index(symbol), market.bars()
    waited = int((now - since).total_seconds() // 60)
    closes = bars.close[row, -max(waited, 1) :]
    known = closes[np.isfinite(closes)]
    volume = bars.volume[row, -VOLUME_MINUTES - 1 :]
    usual = float(np.nanmean(volume[:-1])) if volume.size > 1 and np.isfinite(volume[:-1]).any() else 0.0
    spread = _spread_bps(bars.bid, bars.ask, row)
    return Seen(
        at=now,
        mid=mid,
        spread_bps=spread,
        lowest_close=Decimal(repr(float(known.min()))) if known.size else None,
        highest_close=Decimal(repr(float(known.max()))) if known.size else None,
        volume_times=Decimal(repr(float(volume[-1] / usual)))
        if usual > 0 and np.isfinite(volume[-1])
        else None,
    )


def _spread_bps(bids: Any, asks: Any, row: int) -> Decimal | None:
    if not bids.shape[1] or not asks.shape[1]:
        return None
    bid, ask = float(bids[row, -1]), float(asks[row, -1])
    if not (np.isfinite(bid) and np.isfinite(ask) and 0 < bid < ask):
        return None
    return Decimal(repr((ask - bid) / (ask + bid) * 2 * BPS))


async def _position_on(symbol: str, desk: Desk) -> str | None:
    """The decision whose position is open on the symbol."""
    rows = await desk.tables.look("trade.open")
    return next((str(row["decision"]) for row in rows if row["symbol"] == symbol), None)


def _joined(first: Said, second: Said) -> Said:
    return Said(drafts=(*first.drafts, *second.drafts), writes=(*first.writes, *second.writes))


def _bps(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:.1f} bps"
