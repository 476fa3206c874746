"""How fresh each symbol is: the age of its newest bar by the market clock, not whether a socket lives."""

from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from strandloom.kinds.market import Bar
from strandloom.market import minute as minutes

_MINUTE = timedelta(minutes=1)
_RATE_OVER = 10 * _MINUTE


@dataclass(slots=True)
class _Seen:
    newest: Bar | None = None
    missing: set[int] = field(default_factory=set)
    arrivals: deque[datetime] = field(default_factory=deque)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fresh:
    """One symbol at one moment."""

    symbol: str
    age_s: float | None  # since its newest bar closed; None: never had one
    bar: Bar | None
    missing: int  # minutes of the last day without a bar
    per_minute: float  # bars told per market minute, lately


class Freshness:
    """Of all symbols of a feed."""

    def __init__(self, symbols: Iterable[str]) -> None:
        self._seen: defaultdict[str, _Seen] = defaultdict(_Seen)
        for symbol in symbols:
            self._seen[symbol] = _Seen()

    def bars(self, told: Iterable[Bar], now: datetime) -> None:
        """Bars have arrived."""
        for bar in told:
            seen = self._seen[bar.symbol]
            seen.arrivals.append(now)
            seen.missing.discard(minutes.of(bar.at))
            if seen.newest is None or bar.at >= seen.newest.at:
                seen.newest = bar

    def missed(self, symbols: Iterable[str], minute: int) -> None:
        """A minute went by without those symbols."""
        for symbol in symbols:
            missing = self._seen[symbol].missing
            missing.add(minute)
            missing.difference_update([old for old in missing if old <= minute - minutes.DAY_MINUTES])

    def at(self, now: datetime) -> list[Fresh]:
        """Every symbol as of now."""
        return [self._one(symbol, seen, now) for symbol, seen in self._seen.items()]

    def _one(self, symbol: str, seen: _Seen, now: datetime) -> Fresh:
        while seen.arrivals and seen.arrivals[0] <= now - _RATE_OVER:
            seen.arrivals.popleft()
        age_s = None
        if seen.newest is not None:
            age_s = (now - minutes.closes(minutes.of(seen.newest.at))).total_seconds()
        since = now - seen.arrivals[0] if seen.arrivals else _RATE_OVER
        per_minute = len(seen.arrivals) / min(since / _MINUTE + 1, _RATE_OVER / _MINUTE)
        return Fresh(
            symbol=symbol, age_s=age_s, bar=seen.newest, missing=len(seen.missing), per_minute=per_minute
        )
