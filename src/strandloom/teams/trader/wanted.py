"""An order as the analyser first hears of it: way of sending, yardstick and chance, written down."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from math import isfinite, log, nan, sqrt
from typing import Any
from uuid import UUID

from strandloom.blackboard.desk import Market
from strandloom.blackboard.strand import Strand, Write
from strandloom.indicators.frame import Floats, is_nothing
from strandloom.kinds.order import OrderIntent
from strandloom.kinds.plan import TradingPlan
from strandloom.learning.keys import PatternKey
from strandloom.scoring.costs import CostModel, modelled_half_spread_bps, modelled_slippage_bps
from strandloom.teams.trader.combination import Combination, size_of, spread_of, style_of, volatility_of
from strandloom.teams.trader.shortfall import BPS, Taker, taker

HOUR = 60
FEWEST = 10  # minutes of it that must be known
BY_HAND = "1m"  # the timeframe of orders without a pattern


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is known of an order before anything is sent."""

    intent: OrderIntent
    strand: UUID
    arrival: Decimal
    half_spread_bps: float | None
    yardstick: Taker | None  # None: the market was too young to say what crossing costs
    way: Combination
    timeframe: str
    at: datetime


def wanted(
    strand: Strand,
    intent: OrderIntent,
    plan: TradingPlan | None,
    modelled: tuple[float, float] | None,
    costs: CostModel,
) -> Wanted:
    """Its yardstick is a taker order at its arrival; `modelled` is half the spread and the slippage there."""
    key = _key(plan)
    return Wanted(
        intent=intent,
        strand=strand.id,
        arrival=arrival_of(intent),
        half_spread_bps=modelled[0] if modelled else None,
        yardstick=taker(costs, *modelled) if modelled else None,
        way=way_of(intent, plan, modelled),
        timeframe=(key.timeframe if key else None) or BY_HAND,
        at=strand.at,
    )


def way_of(
    intent: OrderIntent, plan: TradingPlan | None, modelled: tuple[float, float] | None
) -> Combination:
    """How it is sent, in words."""
    key = _key(plan)
    return Combination(
        venue=intent.venue,
        style=style_of(intent.style),
        volatility=volatility_of(key.regime if key else None),
        spread=spread_of(modelled[0] if modelled else None),
        size=size_of(float(intent.quantity * arrival_of(intent))),
    )


def _key(plan: TradingPlan | None) -> PatternKey | None:
    return PatternKey.parse(plan.patterns[0]) if plan is not None and plan.patterns else None


def arrival_of(intent: OrderIntent) -> Decimal:
    """Where the price was when it was wanted; of a guard, where it will be when it acts."""
    return intent.arrival or intent.trigger or intent.price


class Crossing:
    """What crossing the spread costs in the newest minute, worked out once per symbol."""

    def __init__(self) -> None:
        self._minute = -1
        self._known: dict[str, tuple[float, float, float] | None] = {}

    def bps(self, market: Market, symbol: str, notional_usd: float) -> tuple[float, float] | None:
        """Half the spread and the slippage of that size; None where the market is too young to say."""
        if market.minute != self._minute:
            self._minute, self._known = market.minute, {}
        if symbol not in self._known:
            self._known[symbol] = _last_hour(market, symbol)
        found = self._known[symbol]
        if found is None:
            return None
        half_spread_bps, minute_sd_bps, minute_usd = found
        return half_spread_bps, modelled_slippage_bps(minute_sd_bps, minute_usd, notional_usd)


def _last_hour(market: Market, symbol: str) -> tuple[float, float, float] | None:
    """Half the spread, the standard deviation and the volume in dollars of a minute, from the last hour."""
    if symbol not in market.symbols:
        return None
    row, bars = market.symbols.index(symbol), market.bars("1m")
    hour = zip(bars.close[row, -HOUR:].tolist(), bars.volume[row, -HOUR:].tolist(), strict=True)
    known = [(close, volume) for close, volume in hour if close == close and volume == volume]  # no NaN
    if len(known) < FEWEST:
        return None
    squares = [log(now / before) ** 2 for (before, _), (now, _) in pairwise(known)]
    minute_sd_bps = sqrt(sum(squares) / len(squares)) * BPS
    half_spread_bps = modelled_half_spread_bps(minute_sd_bps, _newest(bars.bid, row), _newest(bars.ask, row))
    return half_spread_bps, minute_sd_bps, sum([close * volume for close, volume in known]) / len(known)


def _newest(quotes: Floats, row: int) -> float | None:
    price = nan if is_nothing(quotes) else quotes.item(row, -1)
    return price if isfinite(price) else None


def begin(order: Wanted, wall: datetime | None) -> Write:
    """Its row, with the chance that the intent carries; `wall` where latencies are measured."""
    intent, yardstick = order.intent, order.yardstick
    values: dict[str, Any] = {
        "cloid": intent.cloid,
        "intent": str(order.strand),
        "decision": str(intent.decision),
        "trade": str(intent.trade or intent.decision),
        "plan": str(intent.plan) if intent.plan else None,
        "leg": intent.leg,
        "venue": intent.venue,
        "symbol": intent.symbol,
        "side": intent.side,
        "style": order.way.style,
        "volatility": order.way.volatility,
        "spread": order.way.spread,
        "size": order.way.size,
        "timeframe": order.timeframe,
        "quantity": str(intent.quantity),
        "arrival": str(order.arrival),
        "half_spread_bps": order.half_spread_bps,
        "crossing_bps": yardstick.crossing_bps if yardstick else None,
        "fee_bps": yardstick.fee_bps if yardstick else None,
        "p": intent.p,
        "p_above": intent.p_above,
        "wanted_at": order.at.isoformat(),
        "wanted_wall": wall.isoformat() if wall else None,
    }
    return Write(name="execution.begin", values=values)
