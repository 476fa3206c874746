"""One heartbeat of one detector: what begins, what has really changed, what has ended."""

from uuid import UUID

from strandloom.basics import ids
from strandloom.blackboard.desk import Market
from strandloom.blackboard.strand import Draft, Strand
from strandloom.indicators.frame import Floats
from strandloom.kinds.heartbeat import Heartbeat
from strandloom.kinds.pattern import Phase
from strandloom.learning.standings import Standings
from strandloom.teams.raw_data import telling
from strandloom.teams.raw_data.source import Source, beginning, number_of
from strandloom.teams.raw_data.standing import Place, Standing

CHANGED = 1.5  # times the strength last told is a real change


class Cycle:
    """Collects drafts; `announced` moves along with them."""

    def __init__(
        self,
        module: str,
        strand: Strand,
        beat: Heartbeat,
        market: Market,
        announced: dict[Place, Standing],
        standings: Standings,
    ) -> None:
        self.drafts: list[Draft] = []
        self._module = module
        self._strand = strand
        self._beat = beat
        self._market = market
        self._announced = announced
        self._standings = standings

    def look(self, source: Source, standing: Floats) -> None:
        """`standing` is what the source says."""
        self._go_on(source, standing)
        if not self._beat.catch_up:
            self._begin(source, standing)

    def _go_on(self, source: Source, standing: Floats) -> None:
        symbols = self._market.symbols
        for place in sorted(self._announced):
            number = number_of(source, place.name) if place.timeframe == source.timeframe else None
            if number is None or place.symbol not in symbols:
                continue
            told = self._announced[place]
            symbol = symbols.index(place.symbol)
            now, _, strength = standing[:, number, symbol].tolist()
            if now != told.direction:
                del self._announced[place]
                self._tell(source, number, symbol, told, "end", strength)
            elif abs(strength) > CHANGED * abs(told.told_sd) and not self._beat.catch_up:
                self._announced[place] = told.again(strength)
                self._tell(source, number, symbol, told, "update", strength)

    def _begin(self, source: Source, standing: Floats) -> None:
        for number, symbol, direction, strength in beginning(standing):
            place = Place(source.rules[number].name, source.timeframe, self._market.symbols[symbol])
            if place in self._announced or not telling.able(self._beat, self._market, symbol):
                continue
            begun = Standing(
                onset=self._next_id(),
                since=self._strand.at,
                direction=direction,
                told_sd=strength,
            )
            self._announced[place] = begun
            self._tell(source, number, symbol, begun, "onset", strength)

    def _tell(
        self, source: Source, rule: int, symbol: int, standing: Standing, phase: Phase, strength: float
    ) -> None:
        told = telling.Told(source=source, rule=rule, symbol=symbol, standing=standing, strength=strength)
        self.drafts.append(telling.draft(told, phase, self._strand.at, self._market, self._standings))

    def _next_id(self) -> UUID:
        """The id that the board will give to the draft that comes next."""
        return ids.strand_id(self._strand.at, self._strand.id, self._module, "pattern", len(self.drafts))
