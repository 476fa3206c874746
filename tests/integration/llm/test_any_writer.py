"""Whoever writes, the network decides and trades the same to the last digit: only the words differ."""

from functools import partial
from typing import Any

import pytest

from strandloom import roster
from strandloom.backtest.replay import replay
from strandloom.backtest.terms import Terms
from strandloom.kinds import registry
from strandloom.llm.port import Writer
from strandloom.llm.rule import RuleWriter
from strandloom.market.minute import parse
from strandloom.market.panel import Panel, panel
from strandloom.market.past import past
from tests.writers import Speaker

WORDS = {"text", "writer"}


async def said(market: Panel, writer: Writer) -> list[tuple[Any, ...]]:
    """Every strand of half a day, without its words."""
    terms = Terms(start=parse("2025-05-10 00:00"), stop=parse("2025-05-10 12:00"))
    result = await replay(partial(roster.seats, writer=writer), market, terms)
    found = []
    for strand in result.board.slate.archive.all():
        content = registry.of(strand.body).dump(strand.body)
        numbers = {name: value for name, value in content.items() if name not in WORDS}
        found.append((strand.id, strand.kind, strand.at, strand.parents, strand.tags, numbers))
    return found


@pytest.mark.slow
async def test_numbers_and_statuses_are_the_same_with_any_writer() -> None:
    market = panel(await past("sample", ["BTC", "ETH"], None, parse("2025-05-10")))
    speaker = Speaker(text="Something happened.")
    rules, words = await said(market, RuleWriter()), await said(market, speaker)
    assert len(rules) > 100 and speaker.asked
    assert rules == words
