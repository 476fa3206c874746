"""learning.evidence: takes predictions and outcomes into the book and the tables of evidence."""

from datetime import datetime
from uuid import UUID

from strandloom.blackboard.desk import Desk, Looks
from strandloom.blackboard.strand import NOTHING, Said, Strand
from strandloom.kinds.prediction import NoOutcome, Outcome, Prediction
from strandloom.learning import tables
from strandloom.learning.book import Book
from strandloom.learning.keys import PatternKey, scopes

REMEMBERED_S = 3 * 86_400  # a redelivery comes sooner than that


class Evidence:
    """The one who writes the book that others read their priors from."""

    name = "learning.evidence"
    reads = ("raw_data:prediction:*", "learning:outcome", "learning:no_outcome", "learning:shadow_outcome")

    def __init__(self, book: Book, *, restored: bool = False) -> None:
        """`restored`: the book was filled from the tables already."""
        self._book = book
        self._restored = restored
        self._day = 0

    async def handle(self, strand: Strand, desk: Desk) -> Said:
        if not self._restored:
            await restore(self._book, desk.tables)
            self._restored = True
        body = strand.body
        if isinstance(body, Prediction):
            take_prediction(self._book, strand.id, body)
        elif isinstance(body, NoOutcome):
            self._book.void(body.prediction, _seconds(strand.at))
        elif isinstance(body, Outcome):
            return self._outcome(body, strand)
        return NOTHING

    def _outcome(self, body: Outcome, strand: Strand) -> Said:
        added = tables.add_evidence(body)
        if body.late:
            self._book.void(body.prediction, _seconds(body.closed_at))
        else:
            take_outcome(self._book, body)
        if body.late or body.family != "pattern":
            return Said(writes=(added,))
        now_s = _seconds(strand.at)
        self._tidy(now_s)
        scores = [self._book.score(key, now_s) for key in scopes(leaf_of(body))]
        return Said(writes=(added, tables.put_keys(scores, strand.at)))

    def _tidy(self, now_s: int) -> None:
        """Once a market day, forget the names of what closed long ago."""
        if now_s // 86_400 != self._day:
            self._day = now_s // 86_400
            self._book.forget_closed(now_s - REMEMBERED_S)


async def restore(book: Book, looks: Looks) -> int:
    """Fill a book from the tables: all outcomes in order of opening, then what is still open; how many."""
    taken = 0
    after: dict[str, str] = {}
    while rows := await looks.look("evidence.page", limit=tables.PAGE, **after):
        for row in rows:
            outcome = tables.outcome_of(row)
            if not outcome.late and outcome.family == "pattern":
                book.opened(outcome.prediction, leaf_of(outcome), _seconds(outcome.opened_at))
                take_outcome(book, outcome)
        taken += len(rows)
        after = {"after": rows[-1]["prediction"], "after_at": rows[-1]["opened_at"]}
    last: str | None = None
    while rows := await looks.look("prediction.open", after=last, limit=tables.PAGE):
        for row in rows:
            take_prediction(book, *tables.prediction_of(row))
        last = rows[-1]["prediction"]
    return taken


def take_prediction(book: Book, name: UUID, body: Prediction) -> None:
    """A late prediction calibrates nothing, so the book does not hear of it."""
    if not body.late and body.family == "pattern":
        book.opened(name, leaf_of(body), _seconds(body.opens_at))


def take_outcome(book: Book, body: Outcome) -> None:
    """The outcome of a prediction that the book knows."""
    book.closed(body.prediction, _seconds(body.closed_at), body.r_bps)


def leaf_of(body: Prediction | Outcome) -> PatternKey:
    """The fully scoped key of a prediction."""
    return PatternKey(
        pattern=body.pattern,
        direction=body.direction,
        symbol=body.symbol,
        timeframe=body.timeframe,
        regime=body.regime,
        session=body.session,
    )


def _seconds(at: datetime) -> int:
    return int(at.timestamp())
