"""The book counts by opening, knows nothing of the present minute, and agrees with a rebuild."""

from uuid import UUID

import numpy as np
import pytest

from strandloom.learning.book import Book
from strandloom.learning.horizons import Horizons
from strandloom.learning.keys import PatternKey, scopes
from strandloom.scoring import evidence, tally
from strandloom.scoring.evidence import Outcomes
from strandloom.scoring.key_scores import NAMES, Kinship, key_scores

LEAF = PatternKey(
    pattern="volume.spike", direction="up", symbol="BTC", timeframe="5m", regime="up_calm", session="asia"
)
HORIZONS = Horizons({"volume.spike": {"1m": 1_800, "5m": 7_200}, "volume.dry": {"5m": 3_600}})
START = 1_750_000_000 // 60 * 60


def leaf(**changes: str) -> PatternKey:
    return LEAF._replace(**changes)


def test_an_outcome_counts_only_from_the_minute_after_it_closed() -> None:
    book = Book(HORIZONS)
    book.opened(UUID(int=1), LEAF, START)
    book.closed(UUID(int=1), START + 600, 50.0)
    assert book.prior(LEAF, START + 540, 10.0).n == 0
    assert book.prior(LEAF, START + 600, 10.0).n == 1


def test_an_older_open_prediction_holds_younger_outcomes_back() -> None:
    book = Book(HORIZONS)
    book.opened(UUID(int=1), LEAF, START)
    book.opened(UUID(int=2), LEAF, START + 60)
    book.closed(UUID(int=2), START + 120, 50.0)
    assert book.prior(LEAF, START + 6_000, 10.0).n == 0
    book.closed(UUID(int=1), START + 6_060, -50.0)
    assert book.prior(LEAF, START + 6_060, 10.0).n == 2


def test_a_void_prediction_releases_the_line_and_counts_for_nothing() -> None:
    book = Book(HORIZONS)
    book.opened(UUID(int=1), LEAF, START)
    book.opened(UUID(int=2), LEAF, START + 60)
    book.closed(UUID(int=2), START + 120, 50.0)
    book.void(UUID(int=1), START + 180)
    assert book.prior(LEAF, START + 240, 10.0).n == 1


def test_without_evidence_p_is_one_half_and_the_cost_is_expected_to_be_lost() -> None:
    prior = Book(HORIZONS).prior(LEAF, START, 13.0)
    assert (prior.p, prior.reference_rate, prior.expected_bps, prior.n) == (0.5, 0.5, -13.0, 0)


def test_one_outcome_of_a_relative_makes_nobody_sure() -> None:
    book = Book(HORIZONS)
    book.opened(UUID(int=1), leaf(symbol="ETH"), START)
    book.closed(UUID(int=1), START + 600, 50.0)
    prior = book.prior(LEAF, START + 1_200, 13.0)
    assert 0.5 < prior.p < 0.56
    assert -13.0 < prior.expected_bps < -5.0


def test_taking_in_twice_changes_nothing() -> None:
    once, twice = Book(HORIZONS), Book(HORIZONS)
    for book, times in ((once, 1), (twice, 2)):
        for _ in range(times):
            book.opened(UUID(int=1), LEAF, START)
            book.closed(UUID(int=1), START + 600, 50.0)
    assert once.score(LEAF, START + 900) == twice.score(LEAF, START + 900)


@pytest.mark.parametrize("seed", range(4))
def test_the_running_book_agrees_with_scores_from_all_rows(seed: int) -> None:
    rng = np.random.default_rng(seed)
    leaves = [
        leaf(symbol=s, timeframe=t, session=h)
        for s in ("BTC", "ETH")
        for t in ("1m", "5m")
        for h in ("asia", "us")
    ]
    n = 2_000
    opened = START + np.sort(rng.integers(0, 20_000, n)) * 60
    which = rng.integers(0, len(leaves), n)
    r, p, base = rng.normal(0, 30, n), rng.uniform(0.2, 0.8, n), rng.uniform(0.4, 0.6, n)
    book = Book(HORIZONS)
    for i in range(n):
        book.opened(UUID(int=i + 1), leaves[which[i]], int(opened[i]))
    for i in rng.permutation(n):
        book.closed(UUID(int=int(i) + 1), int(opened[i]) + 600, float(r[i]), float(p[i]), float(base[i]))
    now = int(opened[-1]) + 3_600

    keys = sorted({key for one in leaves for key in scopes(one)}, key=str)
    number = {key: k for k, key in enumerate(keys)}
    pairs = [(number[key], i) for i in range(n) for key in scopes(leaves[which[i]])]
    key_of, row = (np.array(column) for column in zip(*pairs, strict=True))
    rows = evidence.in_order(
        Outcomes(
            key=key_of,
            order=row,
            opened_s=opened[row],
            r_bps=r[row],
            gross_bps=r[row],
            p=p[row],
            base=base[row],
            n_keys=len(keys),
            block_s=np.array([HORIZONS.block_s(key) for key in keys]),
        )
    )
    numbers = book.shelf.kin_of(book.shelf.number[key] for key in keys)
    order = np.array([number[book.shelf.keys[n]] for n in numbers])
    theirs = book.shelf.kinship(numbers)
    kin = Kinship(
        parent=_moved(theirs.parent, order),
        owner=_moved(theirs.owner, order),
        is_scale=np.array([key.timeframe is not None for key in keys]),
    )
    whole = key_scores(tally.of_rows(rows).tally, kin, now, 0.0)
    scored = book.scores(keys, now)
    assert {row.key for row in book.all_scores(now)} == set(keys)
    for k, (key, score) in enumerate(zip(keys, scored, strict=True)):
        assert score.key == key
        assert score == book.score(key, now)
        for name in NAMES:
            mine = getattr(score, name)
            theirs_k = float(getattr(whole, name)[k])
            assert (np.nan if mine is None else mine) == pytest.approx(
                theirs_k, rel=1e-9, abs=1e-9, nan_ok=True
            )
    assert sum(row.rho is not None for row in scored) > 50
    assert sum(row.phi is not None for row in scored) > 50
    assert sum(row.surprise is not None for row in scored) == 4  # of each symbol and timeframe


def _moved(kin: np.ndarray, order: np.ndarray) -> np.ndarray:
    """The same kinship under other numbers."""
    out = np.full(order.size, -1)
    out[order] = np.where(kin >= 0, order[kin], -1)
    return out


def test_on_a_driftless_walk_counting_by_opening_is_fair_where_counting_by_closing_is_not() -> None:
    """Wins come quickly and losses slowly: the fair share is 75 % at any moment."""
    rng = np.random.default_rng(3)
    n = 4_000
    won = rng.random(n) < 0.75
    lasts = np.where(won, 10, 110) * 60
    opened = START + np.arange(n) * 60
    book = Book(Horizons({}))
    for i in range(n):
        book.opened(UUID(int=i + 1), LEAF, int(opened[i]))
    shares_by_opening, shares_by_closing = [], []
    for now in range(START + 3_600, START + 60 * n, 60 * 50):
        for i in np.flatnonzero((opened + lasts <= now) & (opened + lasts > now - 60 * 50)):
            book.closed(UUID(int=int(i) + 1), int(opened[i] + lasts[i]), 1.0 if won[i] else -1.0)
        recent = (opened > now - 7_200) & (opened + lasts <= now)
        shares_by_closing.append(won[recent].mean())
        score = book.score(LEAF, now)
        shares_by_opening.append((score.net_bps + 1) / 2 if score.net_bps is not None else 0.75)
    assert np.mean(shares_by_closing) > 0.87
    assert abs(np.mean(shares_by_opening) - 0.75) < 0.03


@pytest.mark.parametrize("asked", [LEAF, leaf(session="us"), leaf(symbol="ETH"), leaf(pattern="volume.dry")])
def test_who_stands_above_a_key_is_its_parents_that_have_a_prediction(asked: PatternKey) -> None:
    book = Book(HORIZONS)
    for number, known in enumerate((LEAF, leaf(symbol="SOL"))):
        book.opened(UUID(int=number), known, START + number * 60)
    parents, key = [], asked.parent
    while key is not None:
        parents.append(key)
        key = key.parent
    known_ones = [book.shelf.ladder(key) for key in parents if book.shelf.ladder(key)]
    assert len(known_ones) >= 2
    assert [id(ladder) for ladder in book.shelf.above(asked)] == [id(ladder) for ladder in known_ones]
