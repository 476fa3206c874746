"""The list, the page and the picture of patterns are complete and true."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from strandloom.cli import patterns_page
from strandloom.cli.app import app
from strandloom.cli.patterns_picture import draw
from strandloom.indicators.features.catalogue import SENTENCES
from strandloom.kinds.pattern import Pattern
from strandloom.teams.raw_data import team
from strandloom.teams.raw_data.base_rates import shipped
from tests.frames import sample_panel
from tests.replayed import replayed

PROJECT = Path(__file__).resolve().parents[3]
RULES = [rule for detector in team.detectors() for source in detector.sources for rule in source.rules]


def test_the_page_of_patterns_is_up_to_date() -> None:
    assert (PROJECT / "docs/patterns.md").read_text() == patterns_page.text(), "run scripts/docs"


def test_every_rule_explains_itself_and_quotes_features_that_exist() -> None:
    for rule in RULES:
        assert rule.sentence.endswith(".") and rule.formula, rule.name
        assert set(rule.quotes) <= SENTENCES.keys(), rule.name
        assert rule.enter >= rule.leave >= 0.0, rule.name


def test_measured_rates_are_of_rules_that_exist() -> None:
    rates = shipped()
    assert {rate.pattern for rate in rates} <= {rule.name for rule in RULES}
    assert sum(rate.outcomes for rate in rates) > 5_000


def test_the_command_lists_every_pattern_on_every_timeframe() -> None:
    ended = CliRunner().invoke(app, ["patterns", "--json"])
    rows = json.loads(ended.stdout)
    assert len(rows) == len(RULES)
    assert {"pattern", "timeframe", "begins", "per_day", "net_bps"} <= rows[0].keys()


@pytest.mark.parametrize("family", [None, "momentum"])
def test_the_picture_shows_the_patterns_of_the_symbol(tmp_path: Path, family: str | None) -> None:
    panel = sample_panel(minutes=1_700)
    strands = replayed(panel, 1_300)
    wanted = [
        s
        for s in strands
        if isinstance(s.body, Pattern)
        and s.body.phase == "onset"
        and s.symbol == "ETH"
        and (family is None or s.body.name.startswith("momentum."))
    ]
    file = tmp_path / "day.png"
    assert draw(panel.between(panel.start + 260, panel.stop), "ETH", strands, file, family) == len(wanted) > 5
    assert file.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--symbol", "DOGE"], "BTC, ETH, SOL"),
        (["--day", "soon"], "2025-05-04"),
        (["--day", "2031-01-01"], "2025"),
    ],
)
def test_a_picture_that_cannot_be_drawn_says_what_can(options: list[str], said: str) -> None:
    ended = CliRunner().invoke(app, ["plot", "patterns", *options])
    assert said in str(ended.exception)
