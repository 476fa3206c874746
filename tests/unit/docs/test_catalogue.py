"""The catalogue of kinds and tags is complete and up to date."""

import re
from pathlib import Path

import pytest

from strandloom.blackboard import tags
from strandloom.cli import catalogue
from strandloom.kinds.every import every
from strandloom.kinds.registry import Kind

PAGE = Path(__file__).resolve().parents[3] / "docs/strands.md"


def test_the_page_of_strands_is_up_to_date() -> None:
    assert PAGE.read_text() == catalogue.text(), "run scripts/docs"


@pytest.mark.parametrize("kind", every(), ids=lambda kind: kind.name)
def test_every_kind_explains_itself_and_its_tags(kind: Kind) -> None:
    assert (kind.body.__doc__ or "").strip()
    assert kind.posted_by and kind.read_by
    assert kind.tags, f"{kind.name} does not say which tags it goes out with"
    shown = [re.sub("<[a-z_]+>", "x", tag) for tag in kind.tags]
    assert [problem for tag in shown if (problem := tags.pattern_problem(tag))] == []
