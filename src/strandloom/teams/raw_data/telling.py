"""A standing pattern in words that the board understands: levels, horizon, regime, session, features."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from math import isfinite

from strandloom.basics.quick import quick
from strandloom.blackboard.desk import Market
from strandloom.blackboard.strand import Draft
from strandloom.indicators import calendar, regime
from strandloom.kinds.heartbeat import Heartbeat
from strandloom.kinds.pattern import Pattern, Phase
from strandloom.kinds.prediction import Direction
from strandloom.learning.keys import PatternKey
from strandloom.learning.standings import Standings
from strandloom.market.timeframes import MINUTES
from strandloom.teams.raw_data.rule import Rule
from strandloom.teams.raw_data.source import Source
from strandloom.teams.raw_data.standing import Standing

LEAST_REACH_BPS = 5.0
MINUTE = timedelta(minutes=1)
_DIGITS = 8


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A pattern that stands, or has just ended, on one symbol."""

    source: Source
    rule: int
    symbol: int
    standing: Standing
    strength: float


def able(beat: Heartbeat, market: Market, symbol: int) -> bool:
    """Is it there, without a hole, and in a known regime?  Only then something new may be claimed."""
    name = market.symbols[symbol]
    return (
        name in beat.present
        and name not in beat.blocked
        and isfinite(market.features("1m").of(symbol, "regime"))
    )


def draft(told: Told, phase: Phase, at: datetime, market: Market, standings: Standings) -> Draft:
    """One strand of a pattern's life."""
    rule, standing, timeframe = told.source.rules[told.rule], told.standing, told.source.timeframe
    symbol = market.symbols[told.symbol]
    price = market.price(told.symbol)
    target, invalidation = _levels(told, rule, price, market)
    numbers, other = _numbers(told, rule, market)
    body = Pattern(
        name=rule.name,
        version=rule.version,
        symbol=symbol,
        timeframe=timeframe,
        phase=phase,
        direction=direction_of(rule, standing.direction),
        strength_sd=round(told.strength, 4),
        since=standing.since,
        duration_min=(at - standing.since) // MINUTE,
        onset=None if phase == "onset" else standing.onset,
        price=price if isfinite(price) else None,
        horizon_min=rule.horizon_min(MINUTES[timeframe]),
        target=target,
        invalidation=invalidation,
        features=numbers,
        other=other,
    )
    session = calendar.session(market.minute)
    weather = regime.name(market.features("1m").of(told.symbol, "regime"))
    leaf = PatternKey(
        pattern=rule.name,
        direction=body.direction,
        symbol=symbol,
        timeframe=timeframe,
        regime=weather,
        session=session,
    )
    return Draft(
        body=body,
        tags=_tags(rule.name, phase),
        parents=() if phase == "onset" else (standing.onset,),
        symbol=symbol,
        timeframe=timeframe,
        session_bucket=session,
        regime=weather,
        scores=standings.of(leaf, market.minute * 60),
    )


def direction_of(rule: Rule, sign: int) -> Direction | None:
    """The direction as the board spells it."""
    if not rule.directional:
        return None
    return "up" if sign > 0 else "down"


def _levels(told: Told, rule: Rule, price: float, market: Market) -> tuple[float | None, float | None]:
    """Target and invalidation, as far off as a walk gets in the horizon."""
    minutes = MINUTES[told.source.timeframe]
    sd_bps = market.features(told.source.timeframe).of(told.symbol, "volatility_60_bps")
    reach_bps = rule.reach * sd_bps * (rule.horizon_min(minutes) / minutes) ** 0.5
    if not rule.directional or not isfinite(reach_bps + price):
        return None, None
    reach = told.standing.direction * max(reach_bps, LEAST_REACH_BPS) / 1e4
    return _price(price * (1.0 + reach)), _price(price * (1.0 - reach))


def _numbers(told: Told, rule: Rule, market: Market) -> tuple[dict[str, float], str | None]:
    """The features that led to it, and what else its source knows."""
    seen = market.features(told.source.timeframe)
    quoted = {name: seen.of(told.symbol, name) for name in rule.quotes}
    beside, other = told.source.beside(market, told.rule, told.symbol)
    return {name: value for name, value in (quoted | beside).items() if isfinite(value)}, other


def _price(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")


@lru_cache(maxsize=1_000)
def _tags(name: str, phase: Phase) -> tuple[str, ...]:
    return f"raw_data:pattern:{name.replace('.', ':')}", f"raw_data:{phase}", "cil:pattern"
