"""A prior that has heard of a lesson leans on it by its blocks, and never on two at once."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strandloom.learning.book import Prior
from strandloom.learning.lessons.informed import informed, sure_bps
from strandloom.learning.lessons.telling import said
from tests.lessons import a_lesson

PRIOR = Prior(p=0.5, reference_rate=0.5, expected_bps=-10.0, n=30, n_blocks=12, fresh=9.0)
ACTIVE = a_lesson(status="active", n=200, n_blocks=60, hits=124, claim=7.0, ci_low=2.0, shrunk_mean=9.0)
HARMFUL = a_lesson(2, status="contraindicated", n=200, n_blocks=60, hits=60, claim=-20.0, shrunk_mean=-25.0)


def test_a_lesson_moves_p_and_the_expectation_towards_what_it_claims() -> None:
    told = informed(PRIOR, [ACTIVE])
    rate = 0.5 + 0.7 * (0.62 - 0.5)
    assert told.p == pytest.approx((20 * 0.5 + 60 * rate) / 80)
    assert told.expected_bps == pytest.approx((20 * -10.0 + 60 * 7.0) / 80)
    assert (told.reference_rate, told.n) == (PRIOR.reference_rate, PRIOR.n)


def test_a_contraindication_lowers_both() -> None:
    told = informed(PRIOR, [HARMFUL])
    assert told.p < PRIOR.p
    assert told.expected_bps == pytest.approx((20 * -10.0 + 60 * (-20.0 - 12.0)) / 80)


def test_only_the_weightiest_counts_and_without_one_nothing_changes() -> None:
    assert informed(PRIOR, [ACTIVE, HARMFUL]) == informed(PRIOR, [ACTIVE])
    assert informed(PRIOR, []) is PRIOR
    assert informed(PRIOR, [a_lesson()]) is PRIOR


@given(p=st.floats(0.02, 0.98), blocks=st.integers(0, 500), hits=st.integers(0, 200))
def test_p_stays_a_probability_between_what_was_known_and_what_is_told(
    p: float, blocks: int, hits: int
) -> None:
    told = informed(replace(PRIOR, p=p, n_blocks=blocks), [replace(ACTIVE, hits=hits)])
    low, high = sorted((p, hits / 200))
    assert low - 1e-12 <= told.p <= high + 1e-12


def test_what_is_sure_of_an_edge_is_the_smaller_of_bound_and_claim() -> None:
    assert sure_bps([HARMFUL, ACTIVE, replace(ACTIVE, ci_low=30.0)]) == 7.0
    assert sure_bps([HARMFUL]) == float("-inf")


def test_a_lesson_is_told_in_one_line() -> None:
    assert said(ACTIVE) == "lesson 00000000: volume.spike, up, expect +7.0 bps"
    assert said(HARMFUL) == "lesson 00000000: volume.spike, up, avoid -20.0 bps"
    assert said(a_lesson()) == "lesson 00000000: volume.spike, up, candidate"
