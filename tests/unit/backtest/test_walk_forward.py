"""Each stretch begins with evidence that was complete an embargo before it, and with nothing else."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from strandloom.backtest.comparing import compare, load
from strandloom.backtest.walk_forward import EMBARGO_MINUTES, Fold, folds, learn, purged
from strandloom.basics.errors import BadInput
from strandloom.kinds.prediction import Outcome
from strandloom.market import minute as minutes
from strandloom.roster import book
from tests.unit.learning.test_evidence_story import a_prediction

DAY = minutes.DAY_MINUTES
START = minutes.parse("2025-05-01")


def an_outcome(name: int, closes: int, **changes: object) -> Outcome:
    """One that opened an hour before it closed."""
    told = a_prediction(0)
    shared = {
        field: getattr(told, field)
        for field in (
            "family", "pattern", "symbol", "timeframe", "regime", "session", "direction", "p", "p_base",
            "reference_rate", "cost_model", "shadow", "late", "held_out",
        )
    }  # fmt: skip
    closed_at = minutes.opens(closes)
    values = {
        "prediction": UUID(int=name), "r_bps": 5.0, "gross_bps": 15.0, "won": True, "entry": 100.0,
        "exit": 100.1, "closed_by": "target", "horizon_s": 3_600, "closed_at": closed_at,
        "opened_at": closed_at - timedelta(hours=1),
    }  # fmt: skip
    return Outcome(**{**shared, **values, **changes})  # type: ignore[arg-type]


def test_stretches_are_equal_and_leave_an_embargo_before_each() -> None:
    found = folds(START, START + 40 * DAY, 4)
    assert [(fold.start - START) // DAY for fold in found] == [8, 16, 24, 32]
    assert all(fold.stop - fold.start == 8 * DAY for fold in found)
    assert all(fold.start - fold.trained_until == EMBARGO_MINUTES for fold in found)


def test_an_embargo_shorter_than_the_longest_horizon_is_refused() -> None:
    with pytest.raises(BadInput, match="at least the longest horizon, 24 hours"):
        folds(START, START + 40 * DAY, 4, embargo=60)


def test_stretches_shorter_than_the_embargo_are_refused() -> None:
    with pytest.raises(BadInput, match="ask for fewer"):
        folds(START, START + 4 * DAY, 4)


def test_what_closed_within_the_embargo_or_later_is_purged() -> None:
    fold = Fold(number=1, trained_until=START + DAY, start=START + 2 * DAY, stop=START + 3 * DAY)
    kept = an_outcome(1, START + DAY)
    known = [
        kept,
        an_outcome(2, START + DAY + 1),
        an_outcome(3, START + 2 * DAY),
        an_outcome(4, START, late=True),
    ]
    assert purged(known, fold) == [kept]


def test_a_book_learns_of_outcomes_in_the_order_in_which_they_opened() -> None:
    one, other = book(), book()
    outcomes = [an_outcome(n, START + 60 * n) for n in range(1, 30)]
    learn(one, outcomes)
    learn(other, reversed(outcomes))
    now_s = (START + 3_000) * 60
    assert [s.n for s in one.all_scores(now_s)] == [s.n for s in other.all_scores(now_s)]
    assert max(s.n for s in one.all_scores(now_s)) == 29


def test_two_backtests_lie_side_by_side(tmp_path: Path) -> None:
    (tmp_path / "summary.json").write_text(
        '{"risk": {"sharpe": 1.5, "ended": null}, "costs": {"fees_usd": "2.5"}}'
    )
    one = load(tmp_path)
    rows = list(
        compare(one, {"risk": {"sharpe": 1.0, "ended": "soon"}, "costs": {"fees_usd": "3.5", "more": 1}})
    )
    assert rows[0] == {"section": "risk", "figure": "sharpe", "a": 1.5, "b": 1.0, "b_less_a": -0.5}
    assert [row["b_less_a"] for row in rows[1:]] == [None, 1.0, None]
    with pytest.raises(BadInput, match="name the folder of a finished backtest"):
        load(tmp_path / "nowhere")
