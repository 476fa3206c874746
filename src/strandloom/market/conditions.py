"""Checks entry conditions against what the market shows; what is not known is never met."""

from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal

from strandloom.kinds import condition as grammar

BPS = Decimal(10_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the market shows of one symbol at one moment; None is what nobody knows."""

    at: datetime
    mid: Decimal | None = None
    spread_bps: Decimal | None = None
    lowest_close: Decimal | None = None  # of the minutes that closed since the wait began
    highest_close: Decimal | None = None
    volume_times: Decimal | None = None  # the last minute's volume over the mean of the sixty before it


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether a condition is met, or cannot be known; what it looked at, and how far away it is."""

    met: bool
    known: bool
    what: str
    value: str
    distance_bps: Decimal | None = None


def check(condition: grammar.Condition | None, seen: Seen) -> Verdict:
    """The verdict on a condition; no condition is met as soon as there is a price."""
    if condition is None:
        return Verdict(
            met=seen.mid is not None, known=seen.mid is not None, what="any price", value=_text(seen.mid)
        )
    match condition:
        case grammar.PriceAbove(price=price):
            return _compare("price above", seen.mid, price, above=True)
        case grammar.PriceBelow(price=price):
            return _compare("price below", seen.mid, price, above=False)
        case grammar.BreakoutAbove(price=price):
            from_below = seen.lowest_close is not None and seen.lowest_close <= price
            return _armed(_compare("breakout above", seen.mid, price, above=True), from_below)
        case grammar.BreakoutBelow(price=price):
            from_above = seen.highest_close is not None and seen.highest_close >= price
            return _armed(_compare("breakout below", seen.mid, price, above=False), from_above)
        case grammar.PullbackTo(price=price, within_bps=within):
            return _pullback(seen.mid, price, within)
        case grammar.VolumeAbove(times=times):
            return _compare("volume above", seen.volume_times, times, above=True, unit="times the mean")
        case grammar.SpreadBelow(bps=bps):
            return _compare("spread below", seen.spread_bps, bps, above=False, unit="bps")
        case grammar.TimeWindow(start=start, end=end):
            return _window(seen.at.time(), start, end)
        case grammar.AllOf(conditions=parts):
            return _all([check(part, seen) for part in parts])
        case grammar.AnyOf(conditions=parts):
            return _any([check(part, seen) for part in parts])
        case grammar.Not(condition=part):
            return _not(check(part, seen))
    raise TypeError(f"{condition!r} is not in the grammar")


def _compare(what: str, value: Decimal | None, level: Decimal, *, above: bool, unit: str = "") -> Verdict:
    shown = f"{what} {_text(level)} {unit}".strip()
    if value is None:
        return Verdict(met=False, known=False, what=shown, value="unknown")
    met = value > level if above else value < level
    away = abs(level / value - 1) * BPS if not met and value > 0 else Decimal(0)
    return Verdict(met=met, known=True, what=shown, value=_text(value), distance_bps=away)


def _armed(verdict: Verdict, armed: bool) -> Verdict:
    """A breakout needs a close on the near side first."""
    if armed or not verdict.met:
        return verdict
    return Verdict(
        met=False,
        known=True,
        what=f"{verdict.what}, from the near side",
        value=verdict.value,
        distance_bps=Decimal(0),
    )


def _pullback(mid: Decimal | None, price: Decimal, within: Decimal) -> Verdict:
    what = f"pullback to {_text(price)} within {_text(within)} bps"
    if mid is None:
        return Verdict(met=False, known=False, what=what, value="unknown")
    away = abs(mid / price - 1) * BPS
    return Verdict(
        met=away <= within,
        known=True,
        what=what,
        value=_text(mid),
        distance_bps=max(away - within, Decimal(0)),
    )


def _window(now: time, start: time, end: time) -> Verdict:
    met = start <= now < end if start <= end else now >= start or now < end
    return Verdict(
        met=met, known=True, what=f"between {start:%H:%M} and {end:%H:%M} UTC", value=f"{now:%H:%M}"
    )


def _all(parts: list[Verdict]) -> Verdict:
    waiting = [part for part in parts if not part.met]
    return Verdict(
        met=not waiting,
        known=all(part.known for part in parts),
        what=" and ".join(part.what for part in waiting or parts),
        value=", ".join(part.value for part in waiting or parts),
        distance_bps=max(
            (part.distance_bps for part in waiting if part.distance_bps is not None), default=None
        ),
    )


def _any(parts: list[Verdict]) -> Verdict:
    met = [part for part in parts if part.met]
    return Verdict(
        met=bool(met),
        known=bool(met) or all(part.known for part in parts),
        what=" or ".join(part.what for part in met or parts),
        value=", ".join(part.value for part in met or parts),
        distance_bps=min(
            (part.distance_bps for part in parts if part.distance_bps is not None), default=None
        ),
    )


def _not(part: Verdict) -> Verdict:
    """The contrary, but only of what is known: missing data never opens a position."""
    return Verdict(
        met=part.known and not part.met, known=part.known, what=f"not ({part.what})", value=part.value
    )


def _text(value: Decimal | None) -> str:
    return "unknown" if value is None else f"{value.normalize():f}"
