"""The keys of a prediction or an outcome."""

from strandloom.kinds.prediction import Outcome, Prediction
from strandloom.learning.keys import PatternKey


def leaf_of(body: Prediction | Outcome) -> PatternKey:
    """The fully scoped key of a prediction."""
    return PatternKey(
        pattern=body.pattern,
        direction=body.direction,
        symbol=body.symbol,
        timeframe=body.timeframe,
        regime=body.regime,
        session=body.session,
    )


def wide_of(body: Prediction | Outcome) -> PatternKey:
    """The same in any regime and session: where results are of one size."""
    return PatternKey(
        pattern=body.pattern, direction=body.direction, symbol=body.symbol, timeframe=body.timeframe
    )
