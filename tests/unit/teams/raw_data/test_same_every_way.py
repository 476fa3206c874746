"""The team says the same live and replayed, in any order, after a restart, and whatever the future brings."""

from dataclasses import replace

import numpy as np
import pytest

from strandloom.blackboard.strand import Strand
from strandloom.kinds.heartbeat import Heartbeat
from strandloom.kinds.pattern import Overview, Pattern
from strandloom.kinds.prediction import Prediction
from strandloom.market import minute as minutes
from strandloom.market.history import History
from strandloom.market.panel import Panel
from tests.frames import sample_panel
from tests.replayed import EARLY, Replayed, a_team, live, replayed, said

START, STOP = 1_200, 1_900


@pytest.fixture(scope="module")
def panel() -> Panel:
    return sample_panel(minutes=STOP)


@pytest.fixture(scope="module")
def whole(panel: Panel) -> list[Strand]:
    return replayed(panel, START)


def test_patterns_come_with_forecasts_and_overviews(whole: list[Strand]) -> None:
    onsets = [s for s in whole if isinstance(s.body, Pattern) and s.body.phase == "onset"]
    pointing = [s for s in onsets if s.body.direction is not None]
    forecasts = {s.parents[0]: s for s in whole if isinstance(s.body, Prediction)}
    assert len(onsets) > 100
    assert forecasts.keys() == {s.id for s in pointing}
    assert len({s.module for s in onsets}) >= 5
    assert any(isinstance(s.body, Overview) for s in whole)
    assert all(s.regime and s.session_bucket and s.timeframe for s in onsets)


@pytest.mark.slow
def test_bar_by_bar_says_what_all_at_once_says(panel: Panel, whole: list[Strand]) -> None:
    stop = START + 250
    early = [strand for strand in whole if strand.at <= minutes.opens(panel.start + stop)]
    assert said(live(panel.between(panel.start, panel.start + stop), START)) == said(early)


def test_changing_the_future_changes_nothing_already_said(panel: Panel, whole: list[Strand]) -> None:
    rng = np.random.default_rng(5)
    columns = {name: matrix.copy() for name, matrix in panel.columns.items()}
    for matrix in columns.values():
        matrix[:, 1_600:] *= rng.uniform(0.8, 1.2, (3, 1))
    other = replayed(replace(panel, columns=columns), START)
    line = panel.start + 1_600

    def early(strands: list[Strand]) -> list[Strand]:
        return [s for s in strands if s.at.timestamp() // 60 <= line]

    assert said(early(other)) == said(early(whole))
    assert said(other) != said(whole)


def test_shuffling_symbols_changes_nothing(panel: Panel, whole: list[Strand]) -> None:
    order = [2, 0, 1]
    shuffled = replace(
        panel,
        symbols=tuple(panel.symbols[row] for row in order),
        columns={name: matrix[order] for name, matrix in panel.columns.items()},
        filled=panel.filled[order],
    )
    assert said(replayed(shuffled, START)) == said(whole)


def test_the_order_of_modules_changes_nothing(panel: Panel, whole: list[Strand]) -> None:
    backwards = replayed(panel, START, modules=a_team()[::-1])
    assert said(backwards) == said(whole)


def test_a_restarted_team_goes_on_with_what_it_had_announced(panel: Panel, whole: list[Strand]) -> None:
    first = Replayed(a_team(), History(panel).at)
    first.go(panel.between(panel.start + START, panel.start + 1_500))
    second = Replayed(a_team(), History(panel).at)
    for strand in first.net.slate.archive.since(EARLY):
        second.net.slate.archive.add(strand)
    second.go(panel.between(panel.start + 1_500, panel.stop))
    assert said(second.strands) == said(whole)


def test_every_update_and_end_belongs_to_an_announced_onset(whole: list[Strand]) -> None:
    by_id = {s.id: s for s in whole}
    ended: set[object] = set()
    for strand in whole:
        body = strand.body
        if isinstance(body, Pattern) and body.phase != "onset":
            onset = by_id[body.onset].body
            assert (onset.phase, onset.name, onset.symbol) == ("onset", body.name, body.symbol)
            assert body.onset in strand.parents and body.onset not in ended
            assert body.duration_min == round((strand.at - body.since).total_seconds() / 60)
            if body.phase == "end":
                ended.add(body.onset)
    standing = [
        (s.body.name, s.body.symbol, s.body.timeframe)
        for s in whole
        if isinstance(s.body, Pattern) and s.body.phase == "onset" and s.id not in ended
    ]
    assert len(standing) == len(set(standing))
    assert len(ended) > 50


def test_catch_up_minutes_claim_nothing_new(panel: Panel) -> None:
    def caught_up(minute: int, body: Heartbeat) -> Heartbeat:
        return replace(body, catch_up=minute < panel.start + 1_500)

    strands = replayed(panel, START, change=caught_up)
    early = [s for s in strands if s.at.timestamp() // 60 <= panel.start + 1_500]
    assert early == []
    assert any(isinstance(s.body, Prediction) for s in strands)


def test_nothing_new_is_claimed_on_a_blocked_or_absent_symbol(panel: Panel) -> None:
    def without(minute: int, body: Heartbeat) -> Heartbeat:
        return replace(body, blocked=("ETH",), present=("BTC", "ETH"))

    strands = replayed(panel, START, change=without)
    claimed = {s.symbol for s in strands if isinstance(s.body, Pattern | Prediction)}
    assert claimed == {"BTC"}


def test_a_heartbeat_that_comes_again_is_answered_the_same(panel: Panel) -> None:
    import asyncio

    history = History(panel)
    run = Replayed(a_team(), history.at)
    run.go(panel.between(panel.start + START, panel.start + 1_400))
    module = a_team()[3]
    beats = [s for s in run.net.slate.archive.since(run.strands[0].at) if s.kind == "heartbeat"]

    async def twice() -> None:
        desk = run.net._desks
        assert desk is not None
        fresh = Replayed([module], History(panel).at)
        for strand in beats:
            desk = fresh.net._desks
            assert desk is not None
            laid = desk(strand)
            assert await module.handle(strand, laid) == await module.handle(strand, laid)

    asyncio.run(twice())
