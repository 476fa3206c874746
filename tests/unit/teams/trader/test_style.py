"""The choice of a style: within the decision's limits, from what was measured, and never from hope."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from strandloom.kinds.insight import Executing
from strandloom.kinds.instrument import Instrument
from strandloom.kinds.lesson import StyleLesson
from strandloom.kinds.performance import Style
from strandloom.kinds.predicate import KindIs
from strandloom.teams.trader.style import Known, Shown, choose, draw_of, possible, share_of
from tests.network import NOON
from tests.unit.teams.trader.decisions import a_decision

D = Decimal
ALL: tuple[Style, ...] = ("taker", "maker", "sliced")
BTC = Instrument(symbol="BTC", lot=D("0.001"), smallest_usd=D(10), max_leverage=20)


def measured(style: Style, orders: int, each_bps: float, *lessons: StyleLesson) -> Known:
    return Known(style=style, orders=orders, saved_bps=orders * each_bps, lessons=lessons)


def a_lesson(style: Style, saved_bps: float, weight: float = 1.0) -> StyleLesson:
    predicate = KindIs(kind="execution")
    return StyleLesson(lesson=uuid4(), style=style, predicate=predicate, saved_bps=saved_bps, weight=weight)


def shown(*known: Known, **changes: Any) -> Shown:
    base: dict[str, Any] = {"possible": ALL, "taker_bps": 6.0, "known": {one.style: one for one in known}}
    return Shown(**(base | changes))


def test_without_evidence_an_entry_crosses_at_once() -> None:
    choice = choose(shown())
    assert (choice.style, choice.why) == ("taker", "nothing that was measured costs less")


def test_what_was_measured_to_save_is_chosen_and_the_alternatives_are_kept() -> None:
    choice = choose(shown(measured("maker", 40, 2.0), measured("sliced", 40, 0.5)))
    assert choice.style == "maker"
    assert choice.cost_bps == {"taker": 6.0, "maker": pytest.approx(4.3333), "sliced": pytest.approx(5.5833)}
    assert "maker: 40 orders saved +2.00 bps each" in choice.shown


def test_a_few_lucky_orders_choose_nothing() -> None:
    assert choose(shown(measured("maker", 7, 9.0))).style == "taker"


def test_a_saving_within_the_margin_is_not_worth_the_risk_of_missing_the_trade() -> None:
    assert choose(shown(measured("maker", 400, 0.2))).style == "taker"


def test_a_lesson_in_force_speaks_before_what_was_measured() -> None:
    harmful = choose(shown(measured("maker", 40, 2.0, a_lesson("maker", -1.5))))
    assert harmful.style == "taker"
    lesson = a_lesson("sliced", 1.2)
    helpful = choose(shown(measured("sliced", 0, 0.0, lesson)))
    assert (helpful.style, helpful.lessons) == ("sliced", (lesson.lesson,))


def test_guidance_decides_between_equals_and_nothing_else() -> None:
    equal = (measured("maker", 40, 1.0), measured("sliced", 40, 1.05))
    advice = Executing(style="maker", volatility="normal", saved_bps=1.0, low_bps=0.4, n=40)
    assert choose(shown(*equal)).style == "sliced"
    assert choose(shown(*equal, guidance=(advice,))).style == "maker"
    other = Executing(style="maker", volatility="wild", saved_bps=1.0, low_bps=0.4, n=40)
    assert choose(shown(*equal, guidance=(other,))).style == "sliced"
    assert choose(shown(measured("sliced", 40, 3.0), guidance=(advice,))).style == "sliced"


def test_a_small_share_takes_the_less_known_style_and_says_so() -> None:
    known = shown(measured("taker", 90, 0.0), measured("maker", 40, 2.0))
    choice = choose(known, draw=0.01, trying_share=0.05)
    assert (choice.style, choice.trying) == ("sliced", True)
    assert not choose(known, draw=0.2, trying_share=0.05).trying


def test_a_decision_draws_the_same_number_for_ever() -> None:
    draws = [draw_of(UUID(int=n * 7_919)) for n in range(1_000)]
    assert draws == [draw_of(UUID(int=n * 7_919)) for n in range(1_000)]
    assert 0.4 < sum(draws) / len(draws) < 0.6


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ALL),
        ({"entry_type": "limit", "entry_price": D(99)}, ("maker",)),
        ({"entry_type": "maker"}, ("maker",)),
        ({"quantity": D("0.3")}, ("taker", "maker")),
        ({"expires_at": NOON + timedelta(minutes=2)}, ("taker", "maker")),
        ({"expires_at": NOON + timedelta(seconds=30)}, ("taker",)),
    ],
)
def test_the_decision_says_what_is_possible(changes: dict[str, Any], expected: tuple[str, ...]) -> None:
    assert possible(a_decision(**changes), BTC, NOON) == expected


def test_slices_are_whole_lots_and_together_the_whole() -> None:
    left, slices = D("1.0"), []
    for part in range(3):
        slices.append(share_of(left, part, D("0.1")))
        left -= slices[-1]
    assert slices == [D("0.3"), D("0.3"), D("0.4")]
