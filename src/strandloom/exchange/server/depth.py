"""The order book as /info and the WebSocket show it: 20 levels, or grouped by significant figures."""

from collections.abc import Iterable
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any, Final

from strandloom.exchange.port import Exchange
from strandloom.exchange.server.asked import Asked
from strandloom.exchange.server.forms import Unreadable
from strandloom.exchange.server.spell import levels
from strandloom.exchange.views import BookView, LevelView

LEVELS: Final = 20
FAST_LEVELS: Final = 5
_ALL: Final = 1_000

Grouping = tuple[int | None, int | None]  # significant figures, mantissa


def book(exchange: Exchange, asset: int, grouping: Grouping, shown: int = LEVELS) -> dict[str, Any]:
    """One snapshot."""
    figures, mantissa = grouping
    view = exchange.book(asset, shown if figures is None else _ALL)
    bids, asks = view.bids, view.asks
    if figures is not None:
        bids = _grouped(bids, figures, mantissa or 1, ROUND_FLOOR)[:shown]
        asks = _grouped(asks, figures, mantissa or 1, ROUND_CEILING)[:shown]
    return {"coin": view.coin, "time": view.time, "levels": [levels(bids), levels(asks)]}


def touch(view: BookView) -> list[Any]:
    """`bbo`: the best bid and ask, null where there is none."""
    return [levels(side[:1])[0] if side else None for side in (view.bids, view.asks)]


def grouping(asked: Asked) -> Grouping:
    """How the levels are to be grouped: not at all, or by significant figures and steps of a mantissa."""
    figures, mantissa = asked.number_or_none("nSigFigs"), asked.number_or_none("mantissa")
    if figures is not None and not 2 <= figures <= 5:
        raise Unreadable("nSigFigs must be 2, 3, 4, 5 or null")
    if mantissa is not None and (figures != 5 or mantissa not in (1, 2, 5)):
        raise Unreadable("mantissa must be 1, 2 or 5, and only with nSigFigs 5")
    return figures, mantissa


def _grouped(side: Iterable[LevelView], figures: int, mantissa: int, rounding: str) -> tuple[LevelView, ...]:
    grouped: dict[Decimal, LevelView] = {}
    for view in side:
        step = Decimal(mantissa).scaleb(view.px.adjusted() - figures + 1)
        px = (view.px / step).to_integral_value(rounding) * step
        before = grouped.get(px)
        size, orders = (before.sz, before.n) if before else (Decimal(0), 0)
        grouped[px] = LevelView(px=px, sz=view.sz + size, n=view.n + orders)
    return tuple(grouped.values())
