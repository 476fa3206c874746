"""raw_data.forecaster: adds to each pattern that points somewhere the forecast it can be held to."""

from datetime import timedelta
from functools import lru_cache

import numpy as np

from strandloom.blackboard.desk import Desk, Market
from strandloom.blackboard.strand import NOTHING, Draft, Said, Scores, Strand
from strandloom.kinds.pattern import Pattern
from strandloom.kinds.prediction import Prediction
from strandloom.learning.book import Prior
from strandloom.learning.keys import PatternKey
from strandloom.scoring.costs import CostModel, modelled_half_spread_bps, modelled_slippage_bps
from strandloom.scoring.holdout import held_out
from strandloom.teams.raw_data.priors import Priors

STRONG_SD = 3.0  # from here on a pattern is worth the Decision Maker's time


class Forecaster:
    """Where p comes from: the evidence for the pattern's key, shrunk to its parents."""

    name = "raw_data.forecaster"
    reads = ("raw_data:onset",)

    def __init__(self, priors: Priors, costs: CostModel) -> None:
        self._priors = priors
        self._costs = costs

    async def handle(self, strand: Strand, desk: Desk) -> Said:
        body = strand.body
        if not isinstance(body, Pattern) or body.direction is None:
            return NOTHING
        if None in (body.target, body.invalidation, body.price, strand.regime):
            return NOTHING
        return Said(drafts=(self._forecast(strand, body, desk.market),))

    def _forecast(self, strand: Strand, body: Pattern, market: Market) -> Draft:
        half_spread_bps, slippage_bps = modelled_costs(market, body.symbol)
        prior = self._priors.prior(
            leaf_of(strand, body),
            market.minute * 60,
            self._costs.round_trip_bps(half_spread_bps, slippage_bps),
        )
        return Draft(
            body=self._prediction(strand, body, market, prior, half_spread_bps, slippage_bps),
            tags=_tags(body.name, abs(body.strength_sd) >= STRONG_SD),
            symbol=body.symbol,
            timeframe=body.timeframe,
            session_bucket=strand.session_bucket,
            regime=strand.regime,
            scores=Scores(confidence=prior.p),
        )

    def _prediction(
        self,
        strand: Strand,
        body: Pattern,
        market: Market,
        prior: Prior,
        half_spread_bps: float,
        slippage_bps: float,
    ) -> Prediction:
        assert body.direction and body.target and body.invalidation and body.price  # noqa: S101 - `handle` asked
        return Prediction(
            pattern=body.name,
            symbol=body.symbol,
            timeframe=body.timeframe,
            regime=strand.regime or "",
            session=strand.session_bucket or "",
            direction=body.direction,
            p=prior.p,
            p_base=prior.p,
            reference_rate=prior.reference_rate,
            expected_bps=prior.expected_bps,
            expected_bps_base=prior.expected_bps,
            held_out=held_out(body.symbol, market.minute, body.name),
            reference=body.price,
            target=body.target,
            stop=body.invalidation,
            opens_at=strand.at,
            expires_at=strand.at + timedelta(minutes=body.horizon_min),
            half_spread_bps=half_spread_bps,
            slippage_bps=slippage_bps,
            cost_model=self._costs.name,
        )


def leaf_of(strand: Strand, body: Pattern) -> PatternKey:
    """The fully scoped key of a pattern that points somewhere."""
    return PatternKey(
        pattern=body.name,
        direction=body.direction,
        symbol=body.symbol,
        timeframe=body.timeframe,
        regime=strand.regime,
        session=strand.session_bucket,
    )


def modelled_costs(market: Market, symbol: str) -> tuple[float, float]:
    """Half the spread, and the slippage at the reference notional, from the last hour of that symbol."""
    number = market.symbols.index(symbol)
    hour = market.bars("1m").tail(60)
    minute_sd_bps = float(market.features("1m")["volatility_60_bps"][number])
    usd = float(np.nanmean(hour.volume[number] * hour.close[number]))
    half_spread_bps = modelled_half_spread_bps(
        minute_sd_bps, _quoted(hour.bid[number, -1]), _quoted(hour.ask[number, -1])
    )
    return half_spread_bps, modelled_slippage_bps(minute_sd_bps, usd)


def _quoted(price: float) -> float | None:
    return float(price) if np.isfinite(price) else None


@lru_cache(maxsize=1_000)
def _tags(name: str, strong: bool) -> tuple[str, ...]:
    told = f"raw_data:prediction:{name.replace('.', ':')}", "cil:prediction"
    return (*told, "dm:signal") if strong else told
