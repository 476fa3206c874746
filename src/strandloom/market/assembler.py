"""From a feed's events to heartbeats: event in, decided minutes out; no clock, no waiting, no database."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from strandloom.kinds.market import Bar
from strandloom.market import minute as minutes
from strandloom.market.beat import Alarm, Beat, note, notes
from strandloom.market.describe import Noted, describe
from strandloom.market.feeds.port import Closed, Delisted, FeedEvent, Listed, Passed, Skewed
from strandloom.market.holes import Holes


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How long a minute is waited for, and how far back repeats are recognised."""

    deadline: timedelta = timedelta(seconds=10)  # after the close
    catch_up: timedelta = timedelta(seconds=60)  # from then on a minute is history: the next one has closed
    remember_minutes: int = 240


class Assembler:
    """Gives each minute once, in order: as soon as all symbols have closed, or at its deadline.

    Which symbols there are the feed says.  While all of them are silent no minute is given: nothing is known
    of it yet, and it is caught up later.
    """

    def __init__(
        self,
        venue: str,
        since: int,
        *,
        rules: Rules | None = None,
        missing: Mapping[str, Iterable[int]] | None = None,
    ) -> None:
        self.venue = venue
        self.next = since
        self._since = since
        self._rules = rules or Rules()
        self._listed: dict[str, tuple[int, int | None]] = {}
        self._holes = Holes(missing)
        self._pending: dict[int, dict[str, Bar]] = {}
        self._given: dict[int, dict[str, Bar]] = {}
        self._newest: dict[str, int] = {}
        self._after: list[Bar] = []
        self._noted: Noted = defaultdict(list)
        self._skew_s: float | None = None
        self._silent = False

    def take(self, event: FeedEvent) -> list[Beat | Alarm]:
        """Learn what the feed says; what follows from it, in order."""
        match event:
            case Closed(bars=bars):
                for bar in bars:
                    self._bar(bar)
            case Listed(symbol=symbol, minute=minute):
                self._list(symbol, minute)
            case Delisted(symbol=symbol, minute=minute):
                self._delist(symbol, minute)
            case Skewed(offset_s=offset_s):
                self._skew_s = offset_s
                self._noted[None, "clock_skew"].append(self.next)
            case Passed():
                pass
        return [*self._due(event.now), *self._silence(event.now)]

    def _bar(self, bar: Bar) -> None:
        minute = minutes.of(bar.at)
        if bar.symbol not in self._listed:
            return
        if minute >= self.next:
            self._early(bar, minute)
        else:
            self._late(bar, minute)

    def _early(self, bar: Bar, minute: int) -> None:
        """A bar whose minute has not been given: the newest version of it will be."""
        waiting = self._pending.setdefault(minute, {})
        before = waiting.get(bar.symbol)
        waiting[bar.symbol] = bar
        if before is not None:
            self._noted[bar.symbol, "duplicate" if before == bar else "revised"].append(minute)
        elif minute < self._newest.get(bar.symbol, minute):
            self._noted[bar.symbol, "out_of_order"].append(minute)
        self._newest[bar.symbol] = max(minute, self._newest.get(bar.symbol, minute))

    def _late(self, bar: Bar, minute: int) -> None:
        """A bar whose heartbeat is out: stored and counted, the heartbeat stays as it was."""
        before = self._given.get(minute, {}).get(bar.symbol)
        if before == bar:
            self._noted[bar.symbol, "duplicate"].append(minute)
            return
        self._noted[bar.symbol, "late" if before is None else "revised"].append(minute)
        self._after.append(bar)
        self._given.setdefault(minute, {})[bar.symbol] = bar
        if self._holes.filled(bar.symbol, minute):
            self._noted[bar.symbol, "healed"].append(minute)

    def _list(self, symbol: str, minute: int) -> None:
        if symbol not in self._listed or self._listed[symbol][1] is not None:
            self._listed[symbol] = (max(minute, self.next), None)

    def _delist(self, symbol: str, minute: int) -> None:
        first, last = self._listed.get(symbol, (minute, minute))
        if last is None:
            self._listed[symbol] = (first, minute)
            self._noted[symbol, "delisted"].append(minute)

    def _due(self, now: datetime) -> list[Beat]:
        beats = []
        while self._decided(now):
            beats.append(self._give(self.next, now))
            self.next += 1
        return beats

    def _decided(self, now: datetime) -> bool:
        there = self._pending.get(self.next, {})
        expected = self._expected(self.next)
        if expected and all(symbol in there for symbol in expected):
            return True
        heard = bool(self._pending) or (not expected and bool(self._listed))
        return heard and now >= minutes.closes(self.next) + self._rules.deadline

    def _expected(self, minute: int) -> list[str]:
        return [
            symbol
            for symbol, (first, last) in self._listed.items()
            if first <= minute and (last is None or minute < last)
        ]

    def _give(self, minute: int, now: datetime) -> Beat:
        there = self._pending.pop(minute, {})
        expected = sorted(self._expected(minute))
        present = tuple(symbol for symbol in expected if symbol in there)
        absent = [symbol for symbol in expected if symbol not in there]
        filled = tuple(symbol for symbol in present if there[symbol].filled)
        catch_up = now - minutes.closes(minute) >= self._rules.catch_up
        self._note_listings(minute, expected)
        self._drop_delisted(minute)
        body = describe(self.venue, minute, present, absent, self._holes, self._noted, filled, catch_up)
        self._remember(minute, there)
        self._silent = False
        said = notes(self.venue, self._noted, self._skew_s)
        self._noted.clear()
        first = tuple(there[symbol] for symbol in present)
        return Beat(minute=minute, body=body, first=first, after=self._afterwards(), notes=said)

    def _note_listings(self, minute: int, expected: list[str]) -> None:
        for symbol in expected if minute > self._since else ():
            if self._listed[symbol][0] == minute:
                self._noted[symbol, "listed"].append(minute)

    def _drop_delisted(self, minute: int) -> None:
        for symbol, (_, last) in list(self._listed.items()):
            if last is not None and minute >= last:
                del self._listed[symbol]
                self._holes.forget(symbol)

    def _remember(self, minute: int, there: dict[str, Bar]) -> None:
        self._given[minute] = there
        self._given.pop(minute - self._rules.remember_minutes, None)

    def _afterwards(self) -> tuple[Bar, ...]:
        after, self._after = tuple(self._after), []
        return after

    def _silence(self, now: datetime) -> list[Alarm]:
        """Once per silence: the feed tells nothing at all, so no heartbeat will say so."""
        overdue = now >= minutes.closes(self.next) + self._rules.deadline
        if self._silent or self._pending or not overdue:
            return []
        self._silent = True
        return [Alarm(minute=self.next, note=note(self.venue, "silent", None, [self.next]))]
