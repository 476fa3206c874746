"""learning.evidence: takes predictions and outcomes into the book and the tables of evidence."""

from datetime import datetime
from uuid import UUID

from strandloom.blackboard.desk import Desk, Looks
from strandloom.blackboard.strand import NOTHING, Said, Strand
from strandloom.kinds.prediction import NoOutcome, Outcome, Prediction
from strandloom.learning import tables
from strandloom.learning.book import Book
from strandloom.learning.columns import REMEMBERED_S, columns
from strandloom.learning.leaves import leaf_of
from strandloom.learning.refill import Open, refill
from strandloom.learning.scored import Scored


class Evidence:
    """The one who writes the book that others read their priors from; cil.resonance scores what changed."""

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
        """learning.outcomes has written down what it followed itself; of orders the Trader only tells."""
        if body.late:
            self._book.void(body.prediction, _seconds(body.closed_at))
        else:
            take_outcome(self._book, body)
        self._tidy(_seconds(strand.at))
        return Said(writes=(tables.add_evidence(body),)) if body.family == "execution" else NOTHING

    def _tidy(self, now_s: int) -> None:
        """Once a market day, forget the names of what closed long ago."""
        if now_s // 86_400 != self._day:
            self._day = now_s // 86_400
            self._book.forget_closed(now_s - REMEMBERED_S)


async def restore(book: Book, looks: Looks) -> int:
    """Fill an empty book from the tables: all outcomes, what is still open, the last scores; how many."""
    rows = await columns(looks)
    refill(book, rows, await _still_open(looks))
    await _standings(book, looks)
    return len(rows)


async def _standings(book: Book, looks: Looks) -> None:
    """The scores that were told last."""
    after: str | None = None
    while rows := await looks.look("key.scores", standing=True, after=after, limit=tables.PAGE):
        for row in rows:
            book.standings.know(Scored.of_row(row), row["as_of"])
        after = rows[-1]["key"]


async def _still_open(looks: Looks) -> list[Open]:
    found: list[Open] = []
    last: str | None = None
    while rows := await looks.look("prediction.open", after=last, limit=tables.PAGE):
        for row in rows:
            name, body = tables.prediction_of(row)
            if not body.late and body.family == "pattern":
                found.append((name, leaf_of(body), _seconds(body.opens_at)))
        last = rows[-1]["prediction"]
    return found


def take_prediction(book: Book, name: UUID, body: Prediction) -> None:
    """A late prediction calibrates nothing, so the book does not hear of it."""
    if not body.late and body.family == "pattern":
        book.opened(name, leaf_of(body), _seconds(body.opens_at))


def take_outcome(book: Book, body: Outcome) -> None:
    """The outcome of a prediction that the book knows."""
    if body.family == "pattern":
        book.closed(body.prediction, _seconds(body.closed_at), body.r_bps, body.p, body.reference_rate)


def _seconds(at: datetime) -> int:
    return int(at.timestamp())
