"""The whole team: every module by hand, every rule, and the horizons that its forecasts keep to."""

from collections.abc import Sequence

from strandloom.blackboard.module import Module, Seat
from strandloom.llm.port import Writer
from strandloom.market.timeframes import MINUTES
from strandloom.scoring.costs import CostModel
from strandloom.teams.raw_data import (
    cross_asset,
    derivatives,
    divergence,
    microstructure,
    momentum,
    time,
    volatility,
    volume,
)
from strandloom.teams.raw_data.detector import Detector
from strandloom.teams.raw_data.forecaster import Forecaster
from strandloom.teams.raw_data.overview import Overviewer
from strandloom.teams.raw_data.priors import Priors
from strandloom.teams.raw_data.uncertainty import UncertaintyKeeper


def detectors() -> tuple[Detector, ...]:
    """The eight that look for patterns."""
    return (
        microstructure.module(),
        volume.module(),
        volatility.module(),
        momentum.module(),
        time.module(),
        cross_asset.module(),
        divergence.module(),
        derivatives.module(),
    )


def modules(
    priors: Priors,
    costs: CostModel,
    looking: Sequence[Detector] | None = None,
    writer: Writer | None = None,
) -> tuple[Module, ...]:
    """The team, with all detectors or those that are given; every call makes a fresh one."""
    given = detectors() if looking is None else looking
    looking = tuple(detector.quote(priors.standings) for detector in given)
    sources = [source for detector in looking for source in detector.sources]
    return (
        *looking,
        Forecaster(priors, costs),
        UncertaintyKeeper(sources, priors),
        Overviewer(sources, writer),
    )


def seats(
    priors: Priors,
    costs: CostModel,
    looking: Sequence[Detector] | None = None,
    writer: Writer | None = None,
) -> tuple[Seat, ...]:
    """Their places: minutes are handled in order, forecasts as they come."""
    return tuple(
        Seat(module=module, order="free" if isinstance(module, Forecaster) else "feed")
        for module in modules(priors, costs, looking, writer)
    )


def horizons(looking: Sequence[Detector] | None = None) -> dict[str, dict[str, int]]:
    """Pattern → timeframe → seconds that its forecasts may run."""
    declared: dict[str, dict[str, int]] = {}
    for detector in detectors() if looking is None else looking:
        for source in detector.sources:
            minutes = MINUTES[source.timeframe]
            for rule in source.rules:
                declared.setdefault(rule.name, {})[source.timeframe] = rule.horizon_min(minutes) * 60
    return declared
