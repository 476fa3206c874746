"""`aggregateByTime`: the fills of one order at one moment, told as one."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from itertools import groupby

from strandloom.exchange.views import FillView


def by_time(fills: Iterable[FillView]) -> list[FillView]:
    """Neighbours that belong to the same order and moment become one fill at their average price."""
    return [_one(list(group)) for _, group in groupby(fills, lambda f: (f.oid, f.time, f.crossed))]


def _one(fills: list[FillView]) -> FillView:
    if len(fills) == 1:
        return fills[0]
    side = 1 if fills[0].side == "B" else -1
    first = min(fills, key=lambda fill: side * fill.start_position)
    size = _sum(fill.sz for fill in fills)
    return replace(
        first,
        px=_sum(fill.px * fill.sz for fill in fills) / size,
        sz=size,
        closed_pnl=_sum(fill.closed_pnl for fill in fills),
        fee=_sum(fill.fee for fill in fills),
    )


def _sum(values: Iterable[Decimal]) -> Decimal:
    return sum(values, Decimal(0))
