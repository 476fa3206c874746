"""When a candle that is still being told becomes a closed bar: pure rules, no socket and no clock.

A bar is closed when a later one of its symbol arrives, or two seconds after its minute.  A minute that nobody
told is asked for; when the venue has none either, nothing traded, and it is filled flat.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from strandloom.kinds.market import Bar
from strandloom.market import minute as minutes
from strandloom.market.feeds import wire

SETTLE = timedelta(seconds=2)
KEPT_MINUTES = 5_000  # candles that the venue keeps: of older minutes nobody knows whether something traded
_REMEMBERED_MINUTES = 60
_BESIDE = ("bid", "ask", "mark", "oracle", "funding", "open_interest")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Minutes of a symbol that are over and that nobody told, from `start` to `last`, both included."""

    symbol: str
    start: int
    last: int


class Closing:
    """The candles of one connection; `next` of a symbol is the first minute that is not closed yet."""

    def __init__(self, venue: str, since: int) -> None:
        self._venue = venue
        self._since = since
        self._next: dict[str, int] = {}
        self._current: dict[str, Bar] = {}
        self._last_close: dict[str, float] = {}
        self._closed: dict[str, dict[int, Bar]] = {}
        self._beside: dict[str, dict[str, Any]] = {}

    @property
    def symbols(self) -> tuple[str, ...]:
        return tuple(self._next)

    def follow(self, symbol: str, since: int | None = None) -> None:
        """From that minute on the symbol is told."""
        self._next.setdefault(symbol, self._since if since is None else since)

    def leave(self, symbol: str) -> int:
        """The symbol is told no more; the first minute that was not closed."""
        self._current.pop(symbol, None)
        return self._next.pop(symbol)

    def beside(self, symbol: str, values: Mapping[str, float | None]) -> None:
        """What is told beside candles (bid, ask, mark, oracle, funding, open interest): as of now."""
        self._beside.setdefault(symbol, {}).update(values)

    def doubt(self) -> None:
        """The connection was lost: what is told half is worth nothing, its minute will be asked for."""
        self._current.clear()

    def candle(self, told: Mapping[str, Any]) -> list[Bar]:
        """A candle as it stands; the bar that it closes, or a correction of one that was."""
        bar = wire.candle(self._venue, told)
        following = self._next.get(bar.symbol)
        if following is None:
            return []
        minute = minutes.of(bar.at)
        if minute < following:
            return self._correction(bar, minute)
        current = self._current.get(bar.symbol)
        if current is None or minute >= minutes.of(current.at):
            self._current[bar.symbol] = bar
        closed = current is not None and minutes.of(current.at) == following < minute
        return [self._close(current)] if closed and current is not None else []

    def due(self, now: datetime) -> list[Bar]:
        """The bars whose minute has been over for two seconds."""
        ready = [
            bar
            for symbol, bar in self._current.items()
            if minutes.of(bar.at) == self._next[symbol] and _over(self._next[symbol], now)
        ]
        return [self._close(bar) for bar in ready]

    def questions(self, now: datetime) -> list[Question]:
        """What is over and was not told."""
        last = minutes.of(now - SETTLE) - 1
        return [
            Question(
                symbol=symbol, start=max(start, last - KEPT_MINUTES + 1), last=self._untold(symbol, last)
            )
            for symbol, start in self._next.items()
            if start <= self._untold(symbol, last)
        ]

    def answer(self, question: Question, candles: Sequence[Mapping[str, Any]]) -> list[Bar]:
        """Close what was asked for: with the venue's candles, and flat where it has none."""
        bars = [wire.candle(self._venue, candle) for candle in candles]
        told = {minutes.of(bar.at): bar for bar in bars}
        self._remember(question, told)
        closed = [*self._answered(question, told)]
        self._next[question.symbol] = question.last + 1
        return closed

    def knows_a_price(self, symbol: str) -> bool:
        """Is there a close to fill a flat minute with?"""
        return symbol in self._last_close

    def _answered(self, question: Question, told: Mapping[int, Bar]) -> Iterator[Bar]:
        for minute in range(question.start, question.last + 1):
            bar = told.get(minute) or self._flat(question.symbol, minute)
            if bar is not None:
                self._keep(bar, minute)
                yield bar

    def _remember(self, question: Question, told: Mapping[int, Bar]) -> None:
        before = [minute for minute in told if minute < question.start]
        if before:
            self._last_close[question.symbol] = told[max(before)].close

    def _flat(self, symbol: str, minute: int) -> Bar | None:
        price = self._last_close.get(symbol)
        return None if price is None else flat(self._venue, symbol, minute, price)

    def _untold(self, symbol: str, last: int) -> int:
        """The last minute to ask for: not the one that is being told."""
        current = self._current.get(symbol)
        return last if current is None else min(last, minutes.of(current.at) - 1)

    def _keep(self, bar: Bar, minute: int) -> None:
        self._last_close[bar.symbol] = bar.close
        closed = self._closed.setdefault(bar.symbol, {})
        closed[minute] = bar
        closed.pop(minute - _REMEMBERED_MINUTES, None)

    def _correction(self, bar: Bar, minute: int) -> list[Bar]:
        """Of a closed minute: the same or a later state of its candle, not one from before it closed."""
        closed = self._closed.get(bar.symbol, {}).get(minute)
        if closed is None:
            return [bar] if minute >= self._since else []
        if (bar.trades or 0, bar.volume) < (closed.trades or 0, closed.volume):
            return []
        return [_told_again(bar, closed)]

    def _close(self, bar: Bar) -> Bar:
        minute = minutes.of(bar.at)
        self._next[bar.symbol] = minute + 1
        if self._current.get(bar.symbol) is bar:
            del self._current[bar.symbol]
        closed = replace(bar, **self._beside.get(bar.symbol, {}))
        self._keep(closed, minute)
        return closed


def by_minute(bars: Iterable[Bar]) -> Iterator[tuple[Bar, ...]]:
    """The bars of all symbols, minute for minute."""
    sorted_in: dict[datetime, list[Bar]] = {}
    for bar in bars:
        sorted_in.setdefault(bar.at, []).append(bar)
    for at in sorted(sorted_in):
        yield tuple(sorted_in[at])


def _told_again(bar: Bar, closed: Bar) -> Bar:
    """A candle says nothing of what stands beside it: that stays as it was at the close."""
    beside = {name: getattr(closed, name) for name in _BESIDE}
    return replace(bar, **beside, filled=closed.filled and not bar.volume)


def flat(venue: str, symbol: str, minute: int, price: float) -> Bar:
    """The bar of a minute in which nothing traded."""
    return Bar(
        venue=venue,
        symbol=symbol,
        at=minutes.opens(minute),
        open=price,
        high=price,
        low=price,
        close=price,
        volume=0.0,
        trades=0,
        filled=True,
    )


def _over(minute: int, now: datetime) -> bool:
    return now >= minutes.closes(minute) + SETTLE
