"""A standing pattern in words that the board understands: levels, horizon, regime, session, features."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

import numpy as np

from strandloom.blackboard.desk import Market
from strandloom.blackboard.strand import Draft
from strandloom.indicators import calendar, regime
from strandloom.indicators.frame import Flags
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
_DIGITS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A pattern that stands, or has just ended, on one symbol."""

    source: Source
    rule: int
    symbol: int
    standing: Standing
    strength: float


def able(beat: Heartbeat, market: Market) -> Flags:
    """[symbol]: there, without a hole, and in a known regime: only then something new may be claimed."""
    known: Flags = np.isfinite(market.features("1m")["regime"])
    if len(beat.present) == len(market.symbols) and not beat.blocked:
        return known
    free = set(beat.present) - set(beat.blocked)
    named = np.array([symbol in free for symbol in market.symbols], dtype=np.bool_)
    return np.logical_and(known, named)


def draft(told: Told, phase: Phase, at: datetime, market: Market, standings: Standings) -> Draft:
    """One strand of a pattern's life."""
    rule, standing, timeframe = told.source.rules[told.rule], told.standing, told.source.timeframe
    symbol = market.symbols[told.symbol]
    price = float(market.bars("1m").close[told.symbol, -1])
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
        duration_min=int((at - standing.since) / timedelta(minutes=1)),
        onset=None if phase == "onset" else standing.onset,
        price=price if np.isfinite(price) else None,
        horizon_min=rule.horizon_min(MINUTES[timeframe]),
        target=target,
        invalidation=invalidation,
        features=numbers,
        other=other,
    )
    session = calendar.session(market.minute)
    weather = regime.name(float(market.features("1m")["regime"][told.symbol]))
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
    sd_bps = float(market.features(told.source.timeframe)["volatility_60_bps"][told.symbol])
    reach_bps = rule.reach * sd_bps * (rule.horizon_min(minutes) / minutes) ** 0.5
    if not rule.directional or not np.isfinite(reach_bps + price):
        return None, None
    reach = told.standing.direction * max(reach_bps, LEAST_REACH_BPS) / 1e4
    return _price(price * (1.0 + reach)), _price(price * (1.0 - reach))


def _numbers(told: Told, rule: Rule, market: Market) -> tuple[dict[str, float], str | None]:
    """The features that led to it, and what else its source knows."""
    seen = market.features(told.source.timeframe)
    quoted = {name: float(seen[name][told.symbol]) for name in rule.quotes}
    beside, other = told.source.beside(market, told.rule, told.symbol)
    return {name: value for name, value in (quoted | beside).items() if np.isfinite(value)}, other


def _price(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")


@lru_cache(maxsize=1_000)
def _tags(name: str, phase: Phase) -> tuple[str, ...]:
    return f"raw_data:pattern:{name.replace('.', ':')}", f"raw_data:{phase}", "cil:pattern"
