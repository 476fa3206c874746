"""A thousand waiting decisions against one batch of quotes."""

from datetime import UTC, datetime, time
from decimal import Decimal
from statistics import median
from time import perf_counter
from uuid import UUID

from strandloom.kinds import condition as grammar
from strandloom.kinds.decision import Decision
from strandloom.kinds.market import Quote
from strandloom.market.conditions import Seen
from strandloom.teams.trader.quote_watch import Wait, Watched

WAITS, SYMBOLS, ROUNDS = 1_000, 50, 50
_NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
D = Decimal


def conditions_1000_ms() -> float:
    """Milliseconds per batch of quotes; about one wait in a hundred is met, as after a jump."""
    watched = Watched([_wait(n) for n in range(WAITS)])
    took = []
    for n in range(ROUNDS):
        quotes = {f"S{i}": _quote(f"S{i}", D(100) + D(n % 7) / 100) for i in range(SYMBOLS)}
        began = perf_counter()
        met = watched.met(quotes, _NOW)
        took.append((perf_counter() - began) * 1e3)
    if not met:
        raise RuntimeError("no wait was met, so the figure would mean nothing")
    return median(took)


def _wait(n: int) -> Wait:
    body = Decision(
        intent="open",
        plan=None,
        symbol=f"S{n % SYMBOLS}",
        side="buy",
        quantity=D(1),
        entry_type="market",
        worst_price=D(101),
        stop=D(98),
        expires_at=_NOW,
        condition=_condition(n),
    )
    minutes = Seen(at=_NOW, lowest_close=D(99), highest_close=D(101), volume_times=D("1.5"))
    return Wait(decision=UUID(int=n + 1), body=body, since=_NOW, minutes=minutes)


def _condition(n: int) -> grammar.Condition:
    """Every form of the grammar, most of them a little away from being met."""
    level = D(100) + D(1 if n % 100 else -1) * (1 + D(n % 9) / 10)
    above = grammar.PriceAbove(price=level)
    forms: tuple[grammar.Condition, ...] = (
        above,
        grammar.BreakoutAbove(price=level),
        grammar.AllOf(conditions=(above, grammar.SpreadBelow(bps=D(5)), grammar.VolumeAbove(times=D(1)))),
        grammar.AnyOf(conditions=(above, grammar.PullbackTo(price=level, within_bps=D(3)))),
        grammar.AllOf(
            conditions=(grammar.TimeWindow(start=time(8), end=time(20)), grammar.Not(condition=_not(level)))
        ),
    )
    return forms[n % len(forms)]


def _not(level: Decimal) -> grammar.Condition:
    return grammar.PriceBelow(price=level)


def _quote(symbol: str, mid: Decimal) -> Quote:
    half = D("0.01")
    return Quote(
        venue="bench", symbol=symbol, at=_NOW, bid=mid - half, bid_size=D(1), ask=mid + half, ask_size=D(1)
    )
