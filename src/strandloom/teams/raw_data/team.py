"""The whole team: every module by hand, every rule, and the horizons that its forecasts keep to."""

from strandloom.blackboard.module import Module, Seat
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


def modules(priors: Priors, costs: CostModel) -> tuple[Module, ...]:
    """The team; every call makes a fresh one."""
    looking = detectors()
    sources = [source for detector in looking for source in detector.sources]
    return (
        *looking,
        Forecaster(priors, costs),
        UncertaintyKeeper(sources, priors),
        Overviewer(sources),
    )


def seats(priors: Priors, costs: CostModel) -> tuple[Seat, ...]:
    """Their places: minutes are handled in order, forecasts as they come."""
    return tuple(
        Seat(module=module, order="free" if isinstance(module, Forecaster) else "feed")
        for module in modules(priors, costs)
    )


def horizons() -> dict[str, dict[str, int]]:
    """Pattern → timeframe → seconds that its forecasts may run."""
    declared: dict[str, dict[str, int]] = {}
    for detector in detectors():
        for source in detector.sources:
            minutes = MINUTES[source.timeframe]
            for rule in source.rules:
                declared.setdefault(rule.name, {})[source.timeframe] = rule.horizon_min(minutes) * 60
    return declared
