"""Facts: what a predicate may ask of a forecast, of its outcome, or of an order about to be sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from strandloom.kinds.plan import Side
from strandloom.kinds.prediction import Direction, Family, Outcome, Prediction

NO_FEATURES: Mapping[str, float] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known; None where it is not."""

    kind: Family
    pattern: str | None = None
    direction: Direction | None = None
    side: Side | None = None
    symbol: str | None = None
    timeframe: str | None = None
    regime: str | None = None
    session: str | None = None
    venue: str | None = None
    style: str | None = None
    volatility: str | None = None
    spread: str | None = None
    size: str | None = None
    features: Mapping[str, float] = field(default_factory=dict)


def of_forecast(body: Prediction | Outcome, features: Mapping[str, float] = NO_FEATURES) -> Facts:
    """The facts of a prediction, the same before and after its outcome."""
    return _facts(
        body.family,
        body.pattern,
        body.direction,
        body.symbol,
        body.timeframe,
        body.regime,
        body.session,
        features,
    )


def of_row(row: Mapping[str, Any]) -> Facts:
    """The same from a row of evidence, or from the content of an open prediction."""
    return _facts(
        row["family"],
        row["pattern"],
        row["direction"],
        row["symbol"],
        row["timeframe"],
        row["regime"],
        row["session"],
        NO_FEATURES,
    )


def _facts(
    family: Family,
    pattern: str,
    direction: Direction,
    symbol: str,
    timeframe: str,
    regime: str,
    session: str,
    features: Mapping[str, float],
) -> Facts:
    if family == "execution":
        return of_execution(pattern, direction, symbol, timeframe, regime, session)
    return Facts(
        kind=family,
        pattern=pattern,
        direction=direction,
        symbol=symbol,
        timeframe=timeframe,
        regime=regime,
        session=session,
        features=features,
    )


def of_execution(
    pattern: str, direction: Direction, symbol: str, timeframe: str, regime: str, size: str
) -> Facts:
    """An order as evidence: `execution.<style>@<venue>`, regime `<volatility>_<spread>`, session `<size>`."""
    style, venue = _style_and_venue(pattern)
    volatility, _, spread = regime.partition("_")
    return Facts(
        kind="execution",
        pattern=pattern,
        direction=direction,
        side="buy" if direction == "up" else "sell",
        symbol=symbol,
        timeframe=timeframe,
        regime=regime,
        session=size,
        venue=venue or None,
        style=style or None,
        volatility=volatility or None,
        spread=spread or None,
        size=size or None,
    )


@lru_cache(maxsize=1_000)
def _style_and_venue(pattern: str) -> tuple[str, str]:
    style, _, venue = pattern.removeprefix("execution.").partition("@")
    return style, venue
