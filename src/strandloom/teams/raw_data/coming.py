"""In which of the coming minutes patterns begin, change or end: for modules that let the others pass."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence

import numpy as np

from strandloom.blackboard.desk import Ahead
from strandloom.indicators.frame import Floats, Minutes
from strandloom.market.timeframes import MINUTES
from strandloom.teams.raw_data.cycle import CHANGED
from strandloom.teams.raw_data.doubts import NOVEL_ON, NOVEL_SHARE, OPPOSED
from strandloom.teams.raw_data.newness import NEWNESS
from strandloom.teams.raw_data.source import Source, Watched, number_of
from strandloom.teams.raw_data.standing import Place, Standing

Known = tuple[Minutes, Floats]


class Coming:
    """What a group of sources will do, worked out once per stretch."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources = sources
        self._watched = [source for source in sources if isinstance(source, Watched)]
        self.foreseen = len(self._watched) == len(sources)
        self._span = (0, 0)
        self._changes: list[int] = []
        self._opposed_in: list[int] = []
        self._novel: list[int] | None = None
        self._known: dict[Watched, Known] = {}

    def next_change(self, ahead: Ahead) -> int:
        """The next minute in which any pattern stands that did not a bar before, or the other way round."""
        self._look(ahead)
        return _from(self._changes, ahead)

    def next_contradiction(self, ahead: Ahead) -> int:
        """The next one in which enough patterns of one timeframe point both ways."""
        self._look(ahead)
        return _from(self._opposed_in, ahead)

    def next_novelty(self, ahead: Ahead) -> int:
        """The next one in which so many features stand where they have not been for a while."""
        self._look(ahead)
        if self._novel is None:
            minutes, share = ahead.through(NOVEL_ON, NEWNESS)
            self._novel = minutes[(share >= NOVEL_SHARE).any(axis=1)].tolist() if minutes.size else []
        return _from(self._novel, ahead)

    def next_growth(self, announced: Iterable[tuple[Place, Standing]], ahead: Ahead, stop: int) -> int:
        """The first minute before `stop` in which an announced pattern has grown enough to be told again."""
        self._look(ahead)
        for place, told in announced:
            for source in self._watched:
                if source.timeframe == place.timeframe and number_of(source, place.name) is not None:
                    stop = self._growth(source, place, told, ahead, stop)
        return stop

    def _growth(self, source: Watched, place: Place, told: Standing, ahead: Ahead, stop: int) -> int:
        if place.symbol not in ahead.symbols:
            return ahead.first
        minutes, standing = self._known[source]
        if not minutes.size:
            return stop
        length, first = MINUTES[source.timeframe], int(minutes[0])
        begins, ends = max(0, -(-(ahead.first - first) // length)), max(0, -(-(stop - first) // length))
        number, symbol = number_of(source, place.name), ahead.symbols.index(place.symbol)
        grown_sd = CHANGED * abs(told.told_sd)
        for bar, (now, _, strength) in enumerate(standing[begins:ends, :, number, symbol].tolist(), begins):
            if now != told.direction or abs(strength) > grown_sd:
                return int(minutes[bar])
        return stop

    def _look(self, ahead: Ahead) -> None:
        first, stop = self._span
        if first <= ahead.first and ahead.stop <= stop:
            return
        self._span = ahead.first, ahead.stop
        self._known = {source: ahead.through(source.timeframe, source.watch) for source in self._watched}
        self._changes = sorted({m for known in self._known.values() for m in _changing(known)})
        self._novel = None
        self._opposed_in = sorted({m for group in self._groups() for m in _opposed(group)})

    def _groups(self) -> Iterable[list[tuple[Watched, Known]]]:
        for timeframe in dict.fromkeys(source.timeframe for source in self._watched):
            yield [(s, known) for s, known in self._known.items() if s.timeframe == timeframe]


def next_closing(timeframe: str, first: int) -> int:
    """The first minute from `first` on with which a bar of that timeframe closes."""
    return first + (-(first + 1)) % MINUTES[timeframe]


def _changing(known: Known) -> list[int]:
    minutes, standing = known
    if not minutes.size:
        return []
    found: list[int] = minutes[(standing[:, 0] != standing[:, 1]).any(axis=(1, 2))].tolist()
    return found


def _opposed(group: list[tuple[Watched, Known]]) -> list[int]:
    """Bars of one timeframe on which both sides have enough patterns, and all minutes until the next bar."""
    minutes = group[0][1][0]
    if not minutes.size:
        return []
    up, down = (sum(_pointing(source, known[1], sign) for source, known in group) for sign in (1, -1))
    both = np.asarray((up >= OPPOSED) & (down >= OPPOSED)).any(axis=1)
    length = MINUTES[group[0][0].timeframe]
    return [m + after for m in minutes[both].tolist() for after in range(length)]


def _pointing(source: Watched, standing: Floats, sign: int) -> Minutes:
    """[bar × symbol]: how many rules that point somewhere point there."""
    directional = np.array([rule.directional for rule in source.rules])
    return np.asarray((standing[:, 0, directional] * sign > 0).sum(axis=1), dtype=np.int64)


def _from(minutes: list[int], ahead: Ahead) -> int:
    place = bisect_left(minutes, ahead.first)
    return min(minutes[place], ahead.stop) if place < len(minutes) else ahead.stop
