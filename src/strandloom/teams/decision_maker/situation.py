"""How things stand, as the rules want it: the account from the tables, the market from the window."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from math import isfinite, nan, sqrt
from typing import Any
from uuid import UUID

import numpy as np

from strandloom.basics.iso import iso
from strandloom.basics.quick import quick
from strandloom.blackboard.desk import Desk, Market
from strandloom.indicators.frame import Floats
from strandloom.kinds.heartbeat import Heartbeat
from strandloom.kinds.instrument import Instruments
from strandloom.kinds.position import Held, PositionTracking
from strandloom.risk import values
from strandloom.risk.standing import Standing
from strandloom.risk.values import Account, Exposure, Halted
from strandloom.scoring.costs import modelled_half_spread_bps
from strandloom.teams.decision_maker import tables

HOUR, DAY = 60, 1_440
AN_HOUR = timedelta(hours=1)
CORRELATED_OVER = 96  # quarters of an hour: a day
BPS = 10_000.0


async def account_now(desk: Desk) -> tuple[Account | None, PositionTracking | None]:
    """The account as of this delivery; None before anyone has told what there is."""
    latest = await desk.board.latest("position_tracking")
    if not latest:
        return None, None
    tracking = latest[0].body
    assert isinstance(tracking, PositionTracking)  # noqa: S101 - its kind's body
    since = iso(desk.now - AN_HOUR)
    (told,) = await desk.tables.look("risk.situation", account=tables.ACCOUNT, since=since)
    standing = tables.standing_in(told["state"])
    if standing is None:
        return None, None
    return _account(standing, tracking, told["live"], told["recent"], told["halts"]), tracking


def _account(
    standing: Standing,
    tracking: PositionTracking,
    live: Sequence[Mapping[str, Any]],
    recent: Sequence[Mapping[str, Any]],
    halts: Sequence[Mapping[str, Any]],
) -> Account:
    approved = [(datetime.fromisoformat(row["claimed_at"]), row["exploration"]) for row in recent]
    return Account(
        equity_usd=tracking.equity_usd,
        day_start_usd=standing.day_start_usd,
        unit_value=standing.unit_value,
        high_water=standing.high_water,
        exposures=exposures(live, tracking.held),
        resting_orders=tracking.open_orders,
        halts=tuple([Halted(rule=h["rule"], symbol=h["symbol"] or None, reason=h["reason"]) for h in halts]),
        losing_streak=standing.losing_streak,
        last_loss_at=standing.last_loss_at,
        approved_at=tuple([at for at, _ in approved]),
        probes_at=tuple([at for at, probed in approved if probed]),
        in_doubt=frozenset(tracking.in_doubt),
        unexplained=frozenset(tracking.unexplained),
        probation=standing.probation,
    )


def exposures(live: Sequence[Mapping[str, Any]], held: Sequence[Held]) -> tuple[Exposure, ...]:
    """What is open, and what approved plans may still open; a filled plan counts as it is held."""
    if not live and not held:
        return ()
    by_plan = {str(position.plan): position for position in held if position.plan is not None}
    claims = [_claimed(row, by_plan.get(str(row["plan"]))) for row in live]
    known = {str(row["plan"]) for row in live}
    others = [_held(position) for position in held if str(position.plan) not in known]
    return (*claims, *others)


def _claimed(row: Mapping[str, Any], position: Held | None) -> Exposure:
    signed, risk = Decimal(str(row["signed_usd"])), Decimal(str(row["risk_usd"]))
    claimed = row["state"] == "claimed"
    if position is not None and not claimed:
        signed, risk = position.quantity * position.mark, position.risk_usd
    return Exposure(
        plan=str(row["plan"]),
        idea=row["idea"],
        symbol=row["symbol"],
        signed_usd=signed,
        risk_usd=risk,
        exploration=bool(row["exploration"]),
        claimed=claimed,
    )


def _held(position: Held) -> Exposure:
    return Exposure(
        plan=str(position.plan or position.decision or ""),
        idea=f"held:{position.venue}:{position.symbol}",
        symbol=position.symbol,
        signed_usd=position.quantity * position.mark,
        risk_usd=position.risk_usd,
        exploration=position.exploration,
    )


async def is_blocked(symbol: str, desk: Desk) -> bool:
    """Has the symbol a hole in its data, as the newest heartbeat says?"""
    latest = await desk.board.latest("heartbeat")
    body = latest[0].body if latest else None
    return isinstance(body, Heartbeat) and symbol in body.blocked


def market_of(
    symbol: str, market: Market, now: datetime, instruments: Instruments, *, blocked: bool, healthy: bool
) -> values.Market:
    """What the rules may know of a symbol; a symbol that nobody quotes or lists fails closed."""
    instrument = instruments.instrument(symbol)
    if symbol not in market.symbols or instrument is None:
        return values.Market(
            now=now, mid=None, bar_age_s=None, quote_age_s=None, spread_bps=None,
            minute_volume_usd=None, sd_bps=None, sd_norm_bps=None,
        )  # fmt: skip
    seen = _seen(symbol, market)
    return values.Market(
        now=now,
        mid=seen.mid,
        bar_age_s=seen.age_s,
        quote_age_s=seen.age_s,  # the bar's close is the quote where modules think; orders wait for real ones
        spread_bps=seen.spread_bps,
        minute_volume_usd=seen.minute_volume_usd,
        sd_bps=seen.sd_bps,
        sd_norm_bps=seen.sd_norm_bps,
        funding_hourly=seen.funding_hourly,
        gap=blocked,
        venue_healthy=healthy,
        lot=instrument.lot,
        smallest_usd=instrument.smallest_usd,
        leverage_limit=instrument.max_leverage,
        correlation=seen.correlation,
    )


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """What the bars of one minute say of a symbol."""

    mid: Decimal | None
    age_s: float
    spread_bps: float | None
    minute_volume_usd: float | None
    sd_bps: float | None
    sd_norm_bps: float | None
    funding_hourly: float
    correlation: Mapping[str, float]


@lru_cache(maxsize=4)
def _seen(symbol: str, market: Market) -> _Seen:
    """Once a minute, although both the planner and the gate ask; a view of the market never changes."""
    row = market.symbols.index(symbol)
    bars = market.bars()
    close, bid, ask = _newest(bars.close, row), _newest(bars.bid, row), _newest(bars.ask, row)
    logs = np.log(bars.close[row, -DAY - 1 :])
    returns = logs[1:] - logs[:-1]
    traded, mean_traded = _known(bars.close[row, -HOUR:] * bars.volume[row, -HOUR:])
    funding, sd_bps = _newest(bars.funding, row), _sd_bps(returns[-HOUR:])
    return _Seen(
        mid=Decimal(repr(close)) if close is not None else None,
        age_s=0.0 if close is not None else 60.0 * float(market.age_minutes()[row]),
        spread_bps=_spread_bps(bid, ask, sd_bps),
        minute_volume_usd=mean_traded if traded.size else None,
        sd_bps=sd_bps,
        sd_norm_bps=_sd_bps(returns),
        funding_hourly=0.0 if funding is None else funding,
        correlation=correlations(market, row),
    )


def correlations(market: Market, row: int) -> dict[str, float]:
    """Correlation of quarter-hour returns over a day with every other symbol that has them."""
    if len(market.symbols) < 2:
        return {}
    closes = market.bars("15m").close[:, -CORRELATED_OVER - 1 :]
    if closes.shape[1] < 3:
        return {}
    returns = np.diff(np.log(closes), axis=1)
    found: dict[str, float] = {}
    for other, name in enumerate(market.symbols):
        both = np.isfinite(returns[row]) & np.isfinite(returns[other])
        mine, theirs = returns[row, both], returns[other, both]
        if other != row and both.sum() >= CORRELATED_OVER // 4 and mine.std() > 0 and theirs.std() > 0:
            found[name] = float(np.corrcoef(mine, theirs)[0, 1])
    return found


def _newest(column: Floats, row: int) -> float | None:
    value: float = column.item(row, -1) if column.shape[1] else nan
    return value if isfinite(value) else None


def _sd_bps(returns: Floats) -> float | None:
    known, mean = _known(returns)
    if known.size < HOUR // 2:
        return None
    off = known - mean
    return sqrt(np.add.reduce(off * off) / known.size) * BPS


def _known(values: Floats) -> tuple[Floats, float]:
    """Those that are numbers, and their mean; where the sum is a number, all of them are."""
    total = float(np.add.reduce(values))
    if not isfinite(total):
        values = values[np.isfinite(values)]
        total = float(np.add.reduce(values))
    return values, total / values.size if values.size else nan


def _spread_bps(bid: float | None, ask: float | None, sd_bps: float | None) -> float | None:
    """The quoted spread, or the modelled one where the feed has no quotes."""
    if bid is not None and ask is not None and 0.0 < bid < ask:
        return (ask - bid) / (ask + bid) * 2 * BPS
    return None if sd_bps is None else 2.0 * modelled_half_spread_bps(sd_bps)


def plan_id(text: str) -> UUID | None:
    """A plan's id; what was not opened by a plan has none."""
    return UUID(text) if text else None
