"""raw_data.forecaster: adds to each pattern that points somewhere the forecast it can be held to."""

from datetime import timedelta
from functools import lru_cache
from math import isfinite, nan

import numpy as np

from strandloom.basics.ids import strand_id
from strandloom.blackboard.desk import Desk, Market
from strandloom.blackboard.strand import NOTHING, Draft, Said, Strand, Write
from strandloom.indicators.frame import Floats, is_nothing
from strandloom.kinds.lesson import Lesson
from strandloom.kinds.pattern import Pattern
from strandloom.kinds.prediction import Prediction
from strandloom.kinds.registry import Body
from strandloom.learning.book import Prior
from strandloom.learning.keys import PatternKey
from strandloom.learning.lessons import rows
from strandloom.learning.lessons.facts import Facts
from strandloom.learning.lessons.informed import informed
from strandloom.learning.lessons.retrieve import Shelf
from strandloom.scoring.costs import CostModel, modelled_half_spread_bps, modelled_slippage_bps
from strandloom.scoring.holdout import held_out
from strandloom.teams.raw_data.priors import Priors

HOUR = 60
STRONG_SD = 3.0  # from here on a pattern is worth the Decision Maker's time


class Forecaster:
    """Where p comes from: the evidence for the pattern's key, shrunk to its parents."""

    name = "raw_data.forecaster"
    reads = ("raw_data:onset",)

    def __init__(self, priors: Priors, costs: CostModel) -> None:
        self._priors = priors
        self._costs = costs
        self._shelf = Shelf()

    async def handle(self, strand: Strand, desk: Desk) -> Said:
        body = strand.body
        if not isinstance(body, Pattern) or body.direction is None:
            return NOTHING
        if None in (body.target, body.invalidation, body.price, strand.regime):
            return NOTHING
        snapshot = await self._shelf.at(desk)
        lessons = snapshot.matching(_facts(strand, body)) if snapshot.lessons else ()
        draft = self._forecast(strand, body, desk.market, lessons)
        return Said(drafts=(draft,), writes=_used(strand, draft.body) if lessons else ())

    def _forecast(self, strand: Strand, body: Pattern, market: Market, lessons: tuple[Lesson, ...]) -> Draft:
        costs = modelled_costs(market, body.symbol)
        leaf, minute_s = leaf_of(strand, body), market.minute * 60
        prior = self._priors.prior(leaf, minute_s, self._costs.round_trip_bps(*costs))
        alone = held_out(body.symbol, market.minute, body.name)
        told = prior if alone else informed(prior, lessons)
        scores = self._priors.standings.of(leaf, minute_s, told.p)
        return Draft(
            body=self._prediction(strand, body, prior, told, alone, lessons, costs, scores.resonance),
            tags=_tags(body.name, abs(body.strength_sd) >= STRONG_SD),
            symbol=body.symbol,
            timeframe=body.timeframe,
            session_bucket=strand.session_bucket,
            regime=strand.regime,
            scores=scores,
        )

    def _prediction(
        self,
        strand: Strand,
        body: Pattern,
        prior: Prior,
        told: Prior,
        alone: bool,
        lessons: tuple[Lesson, ...],
        costs: tuple[float, float],
        resonance: float | None,
    ) -> Prediction:
        assert body.direction and body.target and body.invalidation and body.price  # noqa: S101 - `handle` asked
        return Prediction(
            pattern=body.name,
            symbol=body.symbol,
            timeframe=body.timeframe,
            regime=strand.regime or "",
            session=strand.session_bucket or "",
            direction=body.direction,
            p=told.p,
            p_base=prior.p,
            reference_rate=prior.reference_rate,
            expected_bps=told.expected_bps,
            expected_bps_base=prior.expected_bps,
            held_out=alone,
            reference=body.price,
            target=body.target,
            stop=body.invalidation,
            opens_at=strand.at,
            expires_at=strand.at + timedelta(minutes=body.horizon_min),
            half_spread_bps=costs[0],
            slippage_bps=costs[1],
            cost_model=self._costs.name,
            lessons=tuple([lesson.lesson for lesson in lessons]),
            resonance=resonance,
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


def _facts(strand: Strand, body: Pattern) -> Facts:
    return Facts(
        kind="pattern",
        pattern=body.name,
        direction=body.direction,
        symbol=body.symbol,
        timeframe=body.timeframe,
        regime=strand.regime,
        session=strand.session_bucket,
        features=body.features,
    )


def _used(strand: Strand, made: Body) -> tuple[Write, ...]:
    """Lessons spoke of this forecast: whether they were listened to is noted with it."""
    assert isinstance(made, Prediction)  # noqa: S101 - what was just made
    name = strand_id(strand.at, strand.id, Forecaster.name, "prediction", 0)
    return (rows.use(name, made.lessons, held_out=made.held_out, at=strand.at),)


def modelled_costs(market: Market, symbol: str) -> tuple[float, float]:
    """Half the spread, and the slippage at the reference notional, from the last hour of that symbol."""
    number, bars = market.symbols.index(symbol), market.bars("1m")
    minute_sd_bps = market.features("1m").of(number, "volatility_60_bps")
    usd = bars.volume[number, -HOUR:] * bars.close[number, -HOUR:]
    if not isfinite(total := float(np.add.reduce(usd))):
        usd = usd[np.isfinite(usd)]
        total = float(np.add.reduce(usd))
    half_spread_bps = modelled_half_spread_bps(
        minute_sd_bps, _quoted(bars.bid, number), _quoted(bars.ask, number)
    )
    return half_spread_bps, modelled_slippage_bps(minute_sd_bps, total / usd.size if usd.size else nan)


def _quoted(prices: Floats, number: int) -> float | None:
    price = nan if is_nothing(prices) else float(prices[number, -1])
    return price if isfinite(price) else None


@lru_cache(maxsize=1_000)
def _tags(name: str, strong: bool) -> tuple[str, ...]:
    told = f"raw_data:prediction:{name.replace('.', ':')}", "cil:prediction"
    return (*told, "dm:signal") if strong else told
