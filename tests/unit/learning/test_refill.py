"""A book filled from all outcomes at once is the one that took them in one by one, also later."""

from dataclasses import astuple

import numpy as np
import pytest

from strandloom.learning.book import Book
from strandloom.learning.columns import Columns
from strandloom.learning.horizons import Horizons
from strandloom.learning.keys import PatternKey
from strandloom.learning.refill import refill
from strandloom.scoring.key_scores import NAMES
from tests.outcomes import Told, some_told

HORIZONS = Horizons({"volume.spike": {"1m": 1_800, "5m": 7_200}, "momentum.trend": {"5m": 3_600}})


def one_by_one(told: list[Told], now_s: int) -> Book:
    book = Book(HORIZONS)
    for each in told:
        if each.opened_s < now_s:
            book.opened(each.name, each.leaf, each.opened_s)
    close(book, told, 0, now_s)
    return book


def close(book: Book, told: list[Told], since_s: int, now_s: int) -> None:
    for each in sorted(told, key=lambda each: (each.closed_s, each.name)):
        if since_s < each.closed_s <= now_s:
            book.closed(each.name, each.closed_s, each.r_bps, each.p, each.base)


def at_once(told: list[Told], now_s: int) -> Book:
    book = Book(HORIZONS)
    rows = sorted((e for e in told if e.closed_s <= now_s), key=lambda e: (e.opened_s, e.name))
    leaves = tuple(dict.fromkeys(e.leaf for e in rows))
    number = {leaf: n for n, leaf in enumerate(leaves)}
    columns = Columns(
        leaves=leaves,
        leaf=np.array([number[e.leaf] for e in rows], dtype=np.int64),
        opened_s=np.array([e.opened_s for e in rows], dtype=np.int64),
        closed_s=np.array([e.closed_s for e in rows], dtype=np.int64),
        r_bps=np.array([e.r_bps for e in rows]),
        p=np.array([e.p for e in rows]),
        base=np.array([e.base for e in rows]),
        names=tuple(str(e.name) for e in rows),
    )
    still = [(e.name, e.leaf, e.opened_s) for e in told if e.opened_s < now_s < e.closed_s]
    refill(book, columns, still)
    return book


def assert_same(one: Book, other: Book, now_s: int) -> None:
    mine = {row.key: row for row in one.all_scores(now_s) if row.n}
    theirs = {row.key: row for row in other.all_scores(now_s) if row.n}
    assert mine.keys() == theirs.keys()
    for key, row in mine.items():
        for name in (*NAMES, "surprise"):
            a, b = getattr(row, name), getattr(theirs[key], name)
            assert (np.nan if a is None else a) == pytest.approx(
                np.nan if b is None else b, rel=1e-9, abs=1e-9, nan_ok=True
            ), (key, name)
        histories = [book.shelf.ladders[book.shelf.number[key]].sums.history for book in (one, other)]
        if histories[0] is not None and histories[1] is not None:
            assert list(histories[0].block[-256:]) == list(histories[1].block[-256:])
            assert list(histories[0].mean[-256:]) == pytest.approx(list(histories[1].mean[-256:]), rel=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_all_at_once_gives_the_same_numbers_and_goes_on_alike(seed: int) -> None:
    told = some_told(seed, 3_000)
    half, end = told[1_500].opened_s, told[-1].opened_s + 90_000
    slow, fast = one_by_one(told, half), at_once(told, half)
    assert_same(slow, fast, half)
    for leaf in {each.leaf for each in told}:
        one, other = (astuple(book.prior(leaf, half, 9.0)) for book in (slow, fast))
        assert one == pytest.approx(other, rel=1e-9)
    for book in (slow, fast):
        for each in told:
            if each.opened_s >= half - 600:  # some of them a second time
                book.opened(each.name, each.leaf, each.opened_s)
        close(book, told, half - 600, end)
    assert_same(slow, fast, end)


def test_a_leaf_that_nobody_spoke_of_yet_is_unknown() -> None:
    book = at_once([], 0)
    assert book.score(PatternKey(pattern="volume.spike"), 0) is None
    assert book.all_scores(0) == []
