"""The page of faults is what the tests that prove it say."""

from pathlib import Path

from tests.acceptance.faults.table import PAGE, page

PROJECT = Path(__file__).resolve().parents[3]


def test_the_page_of_faults_is_up_to_date() -> None:
    assert (PROJECT / PAGE).read_text() == page(), "run scripts/docs"
