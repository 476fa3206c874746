"""learning.outcomes: follows every prediction on the bars after it, and posts its one outcome."""

from collections.abc import Iterable
from dataclasses import replace
from typing import cast
from uuid import UUID

from strandloom.basics.ids import from_unix_ms
from strandloom.blackboard.desk import Ahead, Desk, Looks, Market
from strandloom.blackboard.strand import NOTHING, UNSCORED, Draft, Said, Scores, Strand, Write
from strandloom.kinds.prediction import NoOutcome, Outcome, Prediction
from strandloom.learning import tables
from strandloom.learning.book import Book
from strandloom.learning.leaves import wide_of
from strandloom.learning.minutes import stretch
from strandloom.scoring.costs import cost_model
from strandloom.scoring.follow import MINUTE_S, Closed, Following, Levels, Void

TAGS = ("learning:outcome", "cil:outcome")
PIECE = 32  # minutes looked at in one go
SHADOW_TAGS = ("learning:shadow_outcome", "cil:shadow_outcome")


class Outcomes:
    """Pure following behind a thin handler.

    What it holds in memory is a projection of `open_predictions`, and what it answered last is kept: a
    redelivered minute gets the same answer.
    """

    name = "learning.outcomes"
    reads = ("market:heartbeat", "raw_data:prediction:*", "learning:shadow")

    def __init__(self, book: Book | None = None) -> None:
        """With a book each outcome says how surprising it is among those known a minute before."""
        self._book = book
        self._open: dict[UUID, Open] = {}
        self._behind = False  # one of them arrived after its first bars
        self._minute: int | None = None  # the last one followed
        self._last: tuple[UUID, Said] | None = None
        self._restored = False

    async def handle(self, strand: Strand, desk: Desk) -> Said:
        if not self._restored:
            await self._restore(desk.tables)
        if self._last is not None and self._last[0] == strand.id:
            return self._last[1]
        said = self._take(strand) if isinstance(strand.body, Prediction) else self._move(desk.market)
        self._last = (strand.id, said)
        return said

    async def wakes(self, ahead: Ahead, desk: Desk) -> int:
        """When the first of what is open may end."""
        if not self._restored or self._behind:
            return ahead.first
        return min([ahead.stop, *[each.wakes(ahead) for each in self._open.values()]])

    async def _restore(self, looks: Looks) -> None:
        """Take up what was open when the process before us stopped."""
        after: str | None = None
        while rows := await looks.look("prediction.open", after=after, limit=tables.PAGE):
            for row in rows:
                name, body = tables.prediction_of(row)
                self._open.setdefault(name, Open(name, body))
            after = rows[-1]["prediction"]
        self._restored = True

    def _take(self, strand: Strand) -> Said:
        """A new prediction; if its first bars have passed, they are made up for with the next minute."""
        body = strand.body
        assert isinstance(body, Prediction)  # noqa: S101 - `handle` asked
        if strand.id not in self._open:
            fresh = Open(strand.id, body)
            if self._minute is not None and fresh.next_minute <= self._minute:
                fresh.body = replace(body, late=True)  # its first outcome bar was there before it
                self._behind = True
            self._open[strand.id] = fresh
        return Said(writes=(tables.open_prediction(strand.id, body),))

    def _move(self, view: Market) -> Said:
        """Every minute since the last one that each of them has seen."""
        since: dict[str, int] = {}
        for each in self._open.values():
            symbol = each.body.symbol
            since[symbol] = min(each.next_minute, since.get(symbol, view.minute))
        bars = {symbol: stretch(view, symbol, first) for symbol, first in since.items()}
        ends = [
            (each.body, end)
            for each in self._open.values()
            if (end := each.following.through(bars[each.body.symbol])) is not None
        ]
        self._behind = False
        self._minute = max(view.minute, self._minute or view.minute)
        return self._said(sorted(ends, key=lambda end: (end[1].at_s, str(end[1].name)))) if ends else NOTHING

    def _said(self, ends: Iterable[tuple[Prediction, Closed | Void]]) -> Said:
        drafts: list[Draft] = []
        writes: list[Write] = []
        for body, end in ends:
            name = cast(UUID, end.name)
            del self._open[name]
            writes.append(tables.close_prediction(name))
            if isinstance(end, Closed):  # at no moment is it neither open nor evidence
                outcome = _outcome(name, body, end)
                drafts.append(_told(outcome, self._scores(body, end)))
                writes.append(tables.add_evidence(outcome))
            else:
                drafts.append(_none(name, body, end))
        return Said(drafts=tuple(drafts), writes=tuple(writes))

    def _scores(self, body: Prediction, end: Closed) -> Scores:
        if self._book is None or body.family != "pattern":
            return UNSCORED
        surprise = self._book.surprise(wide_of(body), end.r_bps, end.at_s - MINUTE_S)
        return UNSCORED if surprise is None else Scores(surprise=surprise)


class Open:
    """A prediction without an outcome so far."""

    __slots__ = ("_wakes", "body", "following")

    def __init__(self, name: UUID, body: Prediction) -> None:
        self.body = body
        self.following = Following(name, levels_of(body), cost_model(body.cost_model))
        self._wakes = -1

    @property
    def next_minute(self) -> int:
        """The first one that it has not seen."""
        return self.following.next_s // MINUTE_S

    def wakes(self, ahead: Ahead) -> int:
        """When it may end: what was found stays true until that minute has come."""
        if self._wakes < ahead.first:
            self._wakes = self._may_end(ahead)
        return self._wakes

    def _may_end(self, ahead: Ahead) -> int:
        """The first minute that goes beyond a level of it, or has no trading, or is its last."""
        following, levels = self.following, self.following.levels
        if self.body.symbol not in ahead.symbols or levels.max_drawdown_bps is not None:
            return ahead.first
        row, below, above = ahead.symbols.index(self.body.symbol), following.below, following.above
        columns = [ahead.column(name)[row] for name in ("low", "high", "volume")]
        stop = min(ahead.stop, max(levels.expires_s // MINUTE_S - 1, ahead.first))
        for begins in range(ahead.first, stop, PIECE):
            piece = slice(begins - ahead.first, min(begins + PIECE, stop) - ahead.first)
            bars = zip(*[column[piece].tolist() for column in columns], strict=True)
            for minute, (low, high, volume) in enumerate(bars, begins):
                if low <= below or high >= above or not volume > 0.0:
                    return minute
        return stop


def levels_of(body: Prediction) -> Levels:
    """What the follower needs to know of a prediction."""
    return Levels(
        up=body.direction == "up",
        target=body.target,
        stop=body.stop,
        opens_s=int(body.opens_at.timestamp()) // MINUTE_S * MINUTE_S,
        expires_s=int(body.expires_at.timestamp()),
        max_drawdown_bps=body.max_drawdown_bps,
        half_spread_bps=body.half_spread_bps,
        slippage_bps=body.slippage_bps,
    )


def _outcome(name: UUID, body: Prediction, end: Closed) -> Outcome:
    return Outcome(
        prediction=name,
        family=body.family,
        shadow=body.shadow,
        pattern=body.pattern,
        symbol=body.symbol,
        timeframe=body.timeframe,
        regime=body.regime,
        session=body.session,
        direction=body.direction,
        p=body.p,
        p_base=body.p_base,
        reference_rate=body.reference_rate,
        r_bps=end.r_bps,
        gross_bps=end.gross_bps,
        won=end.r_bps > 0,
        opened_at=body.opens_at,
        closed_at=from_unix_ms(end.at_s * 1_000),
        entry=end.entry,
        exit=end.exit,
        closed_by=end.by,
        cost_model=body.cost_model,
        horizon_s=int((body.expires_at - body.opens_at).total_seconds()),
        late=body.late,
        ambiguous=end.ambiguous,
        held_out=body.held_out,
        resonance=body.resonance,
    )


def _told(outcome: Outcome, scores: Scores) -> Draft:
    return Draft(
        body=outcome,
        tags=SHADOW_TAGS if outcome.shadow else TAGS,
        parents=(outcome.prediction,),
        symbol=outcome.symbol,
        timeframe=outcome.timeframe,
        session_bucket=outcome.session,
        regime=outcome.regime,
        scores=scores,
    )


def _none(name: UUID, body: Prediction, end: Void) -> Draft:
    none = NoOutcome(
        prediction=name, pattern=body.pattern, symbol=body.symbol, minute=from_unix_ms(end.at_s * 1_000)
    )
    return Draft(body=none, tags=("learning:no_outcome",), parents=(name,), symbol=body.symbol)
