"""learning.outcomes: follows every prediction on the bars after it, and posts its one outcome."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import cast
from uuid import UUID

from strandloom.basics.ids import from_unix_ms
from strandloom.blackboard.desk import Ahead, Desk, Looks, Market
from strandloom.blackboard.strand import NOTHING, Draft, Said, Scores, Strand, Write
from strandloom.kinds.prediction import NoOutcome, Outcome, Prediction
from strandloom.learning import tables
from strandloom.learning.book import Book
from strandloom.learning.leaves import leaf_of
from strandloom.learning.minutes import SymbolOrder
from strandloom.scoring.costs import CostModel, cost_model
from strandloom.scoring.follow import MINUTE_S, Closed, Follower, Levels, Void

TAGS = ("learning:outcome", "cil:outcome")
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
        self._followers: dict[str, Follower] = {}  # by cost model
        self._order = SymbolOrder()
        self._open: dict[UUID, Prediction] = {}
        self._behind: list[UUID] = []  # arrived after their first bars
        self._minute: int | None = None  # the last one followed
        self._last: tuple[UUID, Said] | None = None
        self._restored = False

    async def handle(self, strand: Strand, desk: Desk) -> Said:
        if not self._restored:
            await self._restore(desk.tables)
        if self._last is not None and self._last[0] == strand.id:
            return self._last[1]
        view = desk.market
        said = self._take(strand) if isinstance(strand.body, Prediction) else self._move(view)
        self._last = (strand.id, said)
        return said

    async def wakes(self, ahead: Ahead, desk: Desk) -> int:
        """When the first of what is open may end."""
        if not self._restored or self._behind:
            return ahead.first
        return min([ahead.stop, *(may_end(body, ahead) for body in self._open.values())])

    async def _restore(self, looks: Looks) -> None:
        """Take up what was open when the process before us stopped."""
        after: str | None = None
        while rows := await looks.look("prediction.open", after=after, limit=tables.PAGE):
            for row in rows:
                self._follow(*tables.prediction_of(row))
            after = rows[-1]["prediction"]
        self._restored = True

    def _take(self, strand: Strand) -> Said:
        """A new prediction; if its first bars have passed, they are made up for with the next minute."""
        body = strand.body
        assert isinstance(body, Prediction)  # noqa: S101 - `handle` asked
        if strand.id not in self._open:
            if self._minute is not None and _minute_of(body) <= self._minute:
                self._open[strand.id] = replace(body, late=True)  # its first outcome bar was there before it
                self._behind.append(strand.id)
            else:
                self._follow(strand.id, body)
        return Said(writes=(tables.open_prediction(strand.id, body),))

    def _move(self, view: Market) -> Said:
        """Every minute since the last one that was followed."""
        first = min(map(_minute_of, self._open.values()), default=view.minute)
        start = first if self._minute is None else max(self._minute + 1, first)
        ends = [
            end for model in self._followers.values() for end in self._run(model, view, start, view.minute)
        ]
        ends += [end for name in self._behind for end in self._caught_up(name, view)]
        self._behind.clear()
        self._minute = max(view.minute, self._minute or view.minute)
        return self._said(sorted(ends, key=lambda end: (end.at_s, str(end.name))))

    def _caught_up(self, name: UUID, view: Market) -> list[Closed | Void]:
        """A prediction on all its bars so far; from here on it is followed with the others."""
        body = self._open[name]
        own = Follower(cost_model(body.cost_model))
        own.add(name, self._order.number(body.symbol), levels_of(body))
        ends = self._run(own, view, _minute_of(body), view.minute)
        if not ends:
            self._follower(body.cost_model).absorb(own)
        return ends

    def _run(self, follower: Follower, view: Market, start: int, stop: int) -> list[Closed | Void]:
        if not len(follower):
            return []
        frame = view.bars()
        newest = int(frame.at[-1])
        begins, ends = max(len(frame) - 1 - (newest - start), 0), len(frame) - (newest - stop)
        if begins >= ends:
            return []
        return follower.through(self._order.stretch(view.symbols, frame, begins, ends))

    def _follow(self, name: UUID, body: Prediction) -> None:
        if name not in self._open:
            self._open[name] = body
            follower = self._follower(body.cost_model)
            follower.add(name, self._order.number(body.symbol), levels_of(body))

    def _follower(self, name: str) -> Follower:
        costs: CostModel = cost_model(name)
        return self._followers.setdefault(name, Follower(costs))

    def _said(self, ends: Iterable[Closed | Void]) -> Said:
        drafts: list[Draft] = []
        writes: list[Write] = []
        for end in ends:
            name = cast(UUID, end.name)
            body = self._open.pop(name)
            draft = self._outcome(name, body, end) if isinstance(end, Closed) else _none(name, body, end)
            drafts.append(draft)
            writes.append(tables.close_prediction(name))
            if isinstance(draft.body, Outcome):  # at no moment is it neither open nor evidence
                writes.append(tables.add_evidence(draft.body))
        return Said(drafts=tuple(drafts), writes=tuple(writes)) if drafts else NOTHING

    def _outcome(self, name: UUID, body: Prediction, end: Closed) -> Draft:
        draft = _outcome(name, body, end)
        if self._book is None or body.family != "pattern":
            return draft
        surprise = self._book.surprise(leaf_of(body), end.r_bps, end.at_s - MINUTE_S)
        return draft if surprise is None else replace(draft, scores=Scores(surprise=surprise))


def may_end(body: Prediction, ahead: Ahead) -> int:
    """The first minute that touches a level of it, or has no trading, or is its last."""
    last = int(body.expires_at.timestamp()) // MINUTE_S - 1
    minutes = min(ahead.stop, max(last, ahead.first)) - ahead.first
    if body.symbol not in ahead.symbols or body.max_drawdown_bps is not None:
        return ahead.first
    row = ahead.symbols.index(body.symbol)
    low, high, volume = (ahead.column(name)[row, :minutes] for name in ("low", "high", "volume"))
    below, above = sorted((body.stop, body.target))
    stirs = (low <= below) | (high >= above) | ~(volume > 0)
    return ahead.first + (int(stirs.argmax()) if stirs.any() else minutes)


def levels_of(body: Prediction) -> Levels:
    """What the follower needs to know of a prediction."""
    return Levels(
        up=body.direction == "up",
        target=body.target,
        stop=body.stop,
        opens_s=_minute_of(body) * MINUTE_S,
        expires_s=int(body.expires_at.timestamp()),
        max_drawdown_bps=body.max_drawdown_bps,
        half_spread_bps=body.half_spread_bps,
        slippage_bps=body.slippage_bps,
    )


def _minute_of(body: Prediction) -> int:
    return int(body.opens_at.timestamp()) // MINUTE_S


def _outcome(name: UUID, body: Prediction, end: Closed) -> Draft:
    outcome = Outcome(
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
        horizon_s=int((body.expires_at - body.opens_at) / timedelta(seconds=1)),
        late=body.late,
        ambiguous=end.ambiguous,
        held_out=body.held_out,
        resonance=body.resonance,
    )
    return Draft(
        body=outcome,
        tags=SHADOW_TAGS if body.shadow else TAGS,
        parents=(name,),
        symbol=body.symbol,
        timeframe=body.timeframe,
        session_bucket=body.session,
        regime=body.regime,
    )


def _none(name: UUID, body: Prediction, end: Void) -> Draft:
    none = NoOutcome(
        prediction=name, pattern=body.pattern, symbol=body.symbol, minute=from_unix_ms(end.at_s * 1_000)
    )
    return Draft(body=none, tags=("learning:no_outcome",), parents=(name,), symbol=body.symbol)
