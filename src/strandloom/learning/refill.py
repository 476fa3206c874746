"""Filling an empty book from all outcomes at once: the same numbers as one after the other, in seconds."""

from array import array
from collections.abc import Sequence
from uuid import UUID

import numpy as np

from strandloom.learning.book import Book, hash_order
from strandloom.learning.columns import REMEMBERED_S, Columns
from strandloom.learning.keys import PatternKey
from strandloom.learning.ladder import REMEMBERED_BLOCKS, Entry, History, Ladder, Sums
from strandloom.learning.recent import REMEMBERED
from strandloom.scoring.evidence import Bools, Floats, Ints, Outcomes
from strandloom.scoring.tally import FIELDS, Summed, of_rows

Open = tuple[UUID, PatternKey, int]  # a prediction without an outcome: name, leaf, opening
_WHOLE = frozenset({"rows", "n_blocks", "held", "sign", "block", "b_rows"})


def refill(book: Book, rows: Columns, still_open: Sequence[Open]) -> None:
    """Count what opened below each key's horizon line; the rest waits in the ladders."""
    shelf = book.shelf
    table = np.array([shelf.of(leaf) for leaf in rows.leaves], dtype=np.int64).T
    line = _lines(book, still_open)
    waiting: dict[int, Entry] = {}
    for numbers in table:
        number = numbers[rows.leaf]
        counted = rows.opened_s < line[number]
        _fill(book, rows, number, counted)
        for row in np.flatnonzero(~counted).tolist():
            entry = waiting.setdefault(row, _entry(rows, row))
            shelf.ladders[number[row]].queue.append(entry)
    _remember(book, rows, waiting)
    for name, leaf, opened_s in still_open:
        book.opened(name, leaf, opened_s)


def _lines(book: Book, still_open: Sequence[Open]) -> Floats:
    """Per key: the opening of the oldest prediction that is still open."""
    numbered = [(number, opened_s) for _, leaf, opened_s in still_open for number in book.shelf.of(leaf)]
    line = np.full(len(book.shelf.keys), np.inf)
    if numbered:
        number, opened_s = np.array(numbered, dtype=np.int64).T
        np.minimum.at(line, number, opened_s.astype(np.float64))
    return line


def _fill(book: Book, rows: Columns, number: Ints, counted: Bools) -> None:
    """One level of scopes: every counted outcome belongs to one of its keys."""
    at = np.flatnonzero(counted)
    at = at[np.argsort(number[at], kind="stable")]
    keys, key = np.unique(number[at], return_inverse=True)
    if not keys.size:
        return
    ladders = [book.shelf.ladders[n] for n in keys.tolist()]
    made = of_rows(
        Outcomes(
            key=key,
            order=at,
            opened_s=rows.opened_s[at],
            r_bps=rows.r_bps[at],
            gross_bps=rows.r_bps[at],
            p=rows.p[at],
            base=rows.base[at],
            n_keys=keys.size,
            block_s=np.array([ladder.sums.block_s for ladder in ladders], dtype=np.int64),
        )
    )
    _put(ladders, made)
    if ladders[0].recent is not None:
        _recall(ladders, rows.r_bps[at], np.searchsorted(key, np.arange(keys.size + 1)))


def _put(ladders: Sequence[Ladder], made: Summed) -> None:
    columns = [
        made.tally[name].astype(np.int64).tolist() if name in _WHOLE else made.tally[name].tolist()
        for name in FIELDS
    ]
    for ladder, values in zip(ladders, zip(*columns, strict=True), strict=True):
        ladder.sums = Sums(ladder.sums.block_s, ladder.sums.keeps, None, *values)
    if ladders[0].sums.keeps:
        _past(ladders, made)


def _past(ladders: Sequence[Ladder], made: Summed) -> None:
    """The finished blocks of leaf keys, as far back as they are remembered."""
    start = made.part.start.tolist()
    for number, ladder in enumerate(ladders):
        stop = start[number + 1] - 1
        first = max(start[number], stop - REMEMBERED_BLOCKS)
        if stop > first:
            ladder.sums.history = History(
                array("q", made.part.block[first:stop].tolist()),
                array("d", made.block_mean[first:stop].tolist()),
            )


def _recall(ladders: Sequence[Ladder], r_bps: Floats, start: Ints) -> None:
    """The newest results, which tell how surprising the next one is."""
    for number, ladder in enumerate(ladders):
        values = r_bps[start[number] : start[number + 1]][-REMEMBERED - 1 :].tolist()
        recent, sums = ladder.recent, ladder.sums
        if recent is not None:
            recent.order.extend(values[:-1])
            recent.size.extend(sorted(values[:-1]))
            recent.n_blocks = sums.n_blocks - (sums.b_rows == 1)
            recent.add(values[-1], sums.n_blocks)


def _remember(book: Book, rows: Columns, waiting: dict[int, Entry]) -> None:
    """The names of the newest, so that what is delivered again is known; and of all that wait."""
    newest = int(rows.opened_s[-1]) if len(rows) else 0
    first = len(rows) - len(rows.names)
    for row in range(first, len(rows)):
        if row in waiting or rows.opened_s[row] >= newest - REMEMBERED_S:
            entry = waiting.get(row) or _entry(rows, row)
            book.remember(UUID(rows.names[row - first]), entry, rows.leaves[rows.leaf[row]])


def _entry(rows: Columns, row: int) -> Entry:
    name = rows.name(row)
    entry = Entry(opened_s=int(rows.opened_s[row]), order=hash_order(UUID(name)) if name else 0)
    entry.close(int(rows.closed_s[row]), float(rows.r_bps[row]), float(rows.p[row]), float(rows.base[row]))
    return entry
