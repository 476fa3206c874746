"""Forecasts: levels and expiry from the pattern, p from the evidence, a tenth held out, costs as modelled."""

from datetime import timedelta

import pytest

from strandloom.blackboard.strand import Strand
from strandloom.kinds.pattern import Pattern
from strandloom.kinds.prediction import Prediction
from strandloom.learning.book import Book, Prior
from strandloom.learning.horizons import Horizons
from strandloom.learning.keys import PatternKey
from strandloom.learning.standings import Standings
from strandloom.scoring.costs import VENUE
from strandloom.scoring.holdout import held_out
from strandloom.teams.raw_data import team
from tests.frames import sample_panel
from tests.replayed import replayed


class Told:
    """Priors that were told what to say, and remember what they were asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[PatternKey, int]] = []
        self.standings = Standings()

    def prior(self, leaf: PatternKey, minute_s: int, cost_bps: float) -> Prior:
        self.asked.append((leaf, minute_s))
        rate = 0.61 if leaf.direction == "up" else 0.42
        return Prior(p=rate, reference_rate=0.5, expected_bps=3.0 - cost_bps, n=90, n_blocks=40, fresh=30.0)


@pytest.fixture(scope="module")
def priors() -> Told:
    return Told()


@pytest.fixture(scope="module")
def strands(priors: Told) -> list[Strand]:
    return replayed(sample_panel(minutes=1_700), 1_200, modules=team.modules(priors, VENUE))


@pytest.fixture(scope="module")
def pairs(strands: list[Strand]) -> list[tuple[Strand, Strand]]:
    by_id = {strand.id: strand for strand in strands}
    return [(by_id[s.parents[0]], s) for s in strands if isinstance(s.body, Prediction)]


def test_the_forecast_is_fixed_by_its_pattern(pairs: list[tuple[Strand, Strand]]) -> None:
    assert len(pairs) > 50
    for pattern, forecast in pairs:
        seen, said = pattern.body, forecast.body
        assert isinstance(seen, Pattern) and isinstance(said, Prediction)
        assert (said.pattern, said.symbol, said.direction) == (seen.name, seen.symbol, seen.direction)
        assert (said.target, said.stop) == (seen.target, seen.invalidation)
        assert said.opens_at == pattern.at  # the bar after the one that was seen
        assert said.expires_at - said.opens_at == timedelta(minutes=seen.horizon_min)
        below, above = sorted((said.target, said.stop))
        assert below < said.reference < above
        assert (said.target > said.stop) == (said.direction == "up")
        assert forecast.regime == said.regime and forecast.session_bucket == said.session


def test_p_is_what_the_evidence_says_for_the_whole_key(
    pairs: list[tuple[Strand, Strand]], priors: Told
) -> None:
    for pattern, forecast in pairs:
        said = forecast.body
        assert said.p == said.p_base == (0.61 if said.direction == "up" else 0.42)
        assert forecast.scores.confidence == said.p
        assert said.expected_bps == pytest.approx(
            3.0 - VENUE.round_trip_bps(said.half_spread_bps, said.slippage_bps)
        )
        key = PatternKey(
            pattern=said.pattern,
            direction=said.direction,
            symbol=said.symbol,
            timeframe=said.timeframe,
            regime=said.regime,
            session=said.session,
        )
        assert (key, int(pattern.at.timestamp()) - 60) in priors.asked


def test_strong_ones_are_signals_for_the_decision_maker(pairs: list[tuple[Strand, Strand]]) -> None:
    strong = [abs(pattern.body.strength_sd) >= 3.0 for pattern, _ in pairs]
    assert strong == ["dm:signal" in forecast.tags for _, forecast in pairs]
    assert any(strong) and not all(strong)


def test_a_tenth_is_held_out_by_symbol_time_and_pattern_alone(pairs: list[tuple[Strand, Strand]]) -> None:
    drawn = [held_out("BTC", minute, "volume.spike") for minute in range(20_000)]
    assert sum(drawn) / len(drawn) == pytest.approx(0.10, abs=0.01)
    for pattern, forecast in pairs:
        minute = int(pattern.at.timestamp()) // 60 - 1
        assert forecast.body.held_out == held_out(forecast.symbol, minute, forecast.body.pattern)


def test_every_forecast_keeps_to_the_declared_horizon(pairs: list[tuple[Strand, Strand]]) -> None:
    declared = team.horizons()
    Book(Horizons(declared))  # refuses what runs longer than a day
    for _, forecast in pairs:
        said = forecast.body
        runs = (said.expires_at - said.opens_at).total_seconds()
        assert runs == declared[said.pattern][said.timeframe]
