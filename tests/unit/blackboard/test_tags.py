"""Tags and patterns: the grammar, and nothing beside it."""

import pytest

from strandloom.blackboard import tags


@pytest.mark.parametrize("tag", ["market:heartbeat", "market:heartbeat:5m", "raw_data:pattern:volume:spike"])
def test_a_well_formed_tag_has_no_problem(tag: str) -> None:
    assert tags.problem(tag) is None


@pytest.mark.parametrize(
    "tag", ["market", "market:", "market:*", "DM:plan", "dm:Plan", "venue:fill", "", "dm:a b"]
)
def test_anything_else_is_no_tag_and_the_answer_shows_it(tag: str) -> None:
    assert repr(tag) in (tags.problem(tag) or "")


@pytest.mark.parametrize("pattern", ["*", "dm:*", "raw_data:pattern:*", "market:heartbeat", "dm:plan:long:x"])
def test_a_pattern_is_a_tag_or_one_of_three_wild_cards(pattern: str) -> None:
    assert tags.pattern_problem(pattern) is None


@pytest.mark.parametrize("pattern", ["dm", "*:plan", "dm:plan:long:*", "dm:pl*", "venue:*", "**"])
def test_no_other_wild_card_exists(pattern: str) -> None:
    assert repr(pattern) in (tags.pattern_problem(pattern) or "")


def test_a_topic_pattern_matches_the_bare_topic_and_its_details_but_no_longer_word() -> None:
    assert tags.match(["market:heartbeat:*"], ["market:heartbeat"])
    assert tags.match(["market:heartbeat:*"], ["market:heartbeat:5m"])
    assert not tags.match(["market:heartbeat:*"], ["market:heartbeats"])


def test_an_exact_pattern_does_not_match_details() -> None:
    assert not tags.match(["market:heartbeat"], ["market:heartbeat:5m"])


def test_a_team_pattern_matches_its_own_team_only() -> None:
    assert tags.match(["dm:*"], ["trader:fill", "dm:plan"])
    assert not tags.match(["dm:*"], ["trader:fill"])


def test_only_the_star_wants_a_strand_without_tags() -> None:
    assert tags.match(["*"], [])
    assert not tags.match(["dm:*"], [])
