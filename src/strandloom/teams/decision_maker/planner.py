"""decision_maker.planner: turns strong signals into plans: full ones on evidence, else probes."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from math import sqrt
from typing import Any

from scipy.special import stdtrit

from strandloom.basics.quick import quick
from strandloom.blackboard.desk import Desk
from strandloom.blackboard.strand import NOTHING, Said, Strand, new_draft, new_said
from strandloom.kinds.instrument import Instruments
from strandloom.kinds.lesson import Lesson
from strandloom.kinds.performance import Volatility
from strandloom.kinds.plan import Expectation, Observation, Side, TradingPlan
from strandloom.kinds.prediction import Prediction
from strandloom.kinds.resonance import Ablation
from strandloom.learning.executions import way_key
from strandloom.learning.keys import PatternKey
from strandloom.learning.lessons.informed import sure_bps
from strandloom.learning.lessons.retrieve import Shelf
from strandloom.learning.lessons.telling import said
from strandloom.learning.tables import known_keys
from strandloom.llm.port import Writer
from strandloom.risk.limits import Limits
from strandloom.risk.size import Idea, TooSmall, probe, size
from strandloom.risk.values import Account, Market
from strandloom.scoring.ablation import lean
from strandloom.scoring.costs import CostModel
from strandloom.teams.decision_maker import experience, observers, prices, situation
from strandloom.teams.decision_maker.record import reliability
from strandloom.teams.decision_maker.third import third

ENTRY_PATIENCE = timedelta(minutes=5)
AGREEING_WITHIN = timedelta(minutes=15)
LOOKED_AT = 50
SAID_AT_MOST = 2


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Backing:
    """What stands behind an idea."""

    observations: tuple[Observation, ...]
    confidence: float
    votes: float
    calibrated: bool  # the confidence was held against enough outcomes
    edge_low_bps: float
    lessons: tuple[Lesson, ...]  # that it was shown
    strands: tuple[Strand, ...]  # agreeing predictions, the triggering one first
    key: str  # the fully scoped one of the pattern


class Planner:
    """Thinks about one signal at a time; what else is live it reads from the board and the tables."""

    name = "decision_maker.planner"
    reads = ("dm:signal",)

    def __init__(
        self,
        instruments: Instruments,
        limits: Callable[[], Limits],
        costs: CostModel,
        venue: str,
        writer: Writer | None = None,
    ) -> None:
        self._instruments = instruments
        self._limits = limits
        self._costs = costs
        self._venue = venue
        self._writer = writer
        self._shelf = Shelf()

    async def handle(self, strand: Strand, desk: Desk) -> Said:
        signal = strand.body
        if not isinstance(signal, Prediction) or signal.late or signal.symbol not in desk.market.symbols:
            return NOTHING
        account, tracking = await situation.account_now(desk)
        if account is None or tracking is None:
            return NOTHING
        idea = f"{signal.symbol}:{side_of(signal)}:{signal.pattern}"
        taken = next((e for e in account.exposures if e.symbol == signal.symbol), None)
        if taken is not None and (taken.idea != idea or not taken.claimed):
            return NOTHING  # the symbol has its position, or another idea is about to open one
        market = situation.market_of(
            signal.symbol, desk.market, desk.now, self._instruments, blocked=False, healthy=True
        )
        if market.mid is None:
            return NOTHING
        backing = await self._backing(strand, signal, desk)
        replaces = situation.plan_id(taken.plan) if taken else None
        plan = await self._plan(strand, signal, idea, backing, account, market, desk, replaces)
        draft = new_draft(
            body=plan,
            tags=("dm:plan", "cil:plan"),
            parents=plan.evidence[1:],
            symbol=signal.symbol,
            timeframe=signal.timeframe,
            session_bucket=signal.session,
            regime=signal.regime,
        )
        return new_said(drafts=(draft,))

    async def _backing(self, strand: Strand, signal: Prediction, desk: Desk) -> Backing:
        """Evidence, observers, and the other signals that say the same."""
        keys = _ladder(
            signal.pattern, signal.direction, signal.symbol, signal.timeframe, signal.regime, signal.session
        )
        rows = await known_keys(desk.tables, keys)
        row, side = desk.market.symbols.index(signal.symbol), 1 if signal.direction == "up" else -1
        two = (observers.statistics(rows), observers.structure(desk.market, row, side))
        shown = signal.lessons and not signal.held_out  # those that spoke of the forecast
        lessons = (await self._shelf.at(desk)).named(signal.lessons) if shown else ()
        observations = (*two, await third(self._writer, strand, signal, rows, desk.market, two, lessons))
        record, _ = await reliability(desk.tables)
        confidence, votes = observers.pooled(observations, record.correlation())
        confidence = record.calibrated(confidence)
        if not observers.agreed(observations):
            confidence = min(confidence, 0.5)
        others = await desk.board.latest("prediction", symbol=signal.symbol, limit=LOOKED_AT)
        return Backing(
            observations=observations,
            confidence=round(confidence, 6),
            votes=round(votes, 6),
            calibrated=record.known,
            edge_low_bps=max(edge_low_bps(rows), sure_bps(lessons)),
            lessons=lessons,
            strands=(strand, *_agreeing(others, strand, signal)),
            key=keys[0],
        )

    async def _plan(
        self,
        strand: Strand,
        signal: Prediction,
        idea: str,
        backing: Backing,
        account: Account,
        market: Market,
        desk: Desk,
        replaces: Any,
    ) -> TradingPlan:
        """A full plan where the lower bound of the edge is above zero and there is room; else a probe."""
        assert market.mid is not None  # noqa: S101 - `handle` asked
        expected = await self._expected(signal, desk, market)
        leaning = await _leaning(signal, desk)
        sd_bps = (market.sd_bps or 0.0) * sqrt(expected.holding_s / 60.0)
        stop = prices.level(signal.stop, up=signal.direction == "up")
        wanted = Idea(
            symbol=signal.symbol,
            buys=signal.direction == "up",
            price=prices.worst(market.mid, side_of(signal)),
            stop=stop,
            edge_low_bps=backing.edge_low_bps * leaning,
            holding_sd_bps=sd_bps,
        )
        sized = size(wanted, account, market, self._limits())
        probing = isinstance(sized, TooSmall)
        if isinstance(sized, TooSmall):
            sized = probe(wanted.price, market)
        return TradingPlan(
            idea=idea,
            symbol=signal.symbol,
            side=side_of(signal),
            entry_type="market",
            reference=market.mid,
            quantity=sized.quantity,
            stop=stop,
            take_profit=prices.level(signal.target, up=signal.direction != "up"),
            time_limit_s=int(horizon_s(signal)),
            time_in_force="ioc",
            expires_at=min(strand.at + ENTRY_PATIENCE, signal.expires_at),
            expected=expected,
            observations=backing.observations,
            confidence=backing.confidence,
            calibrated=backing.calibrated,
            effective_votes=backing.votes,
            evidence=tuple([one.id for one in backing.strands]),
            patterns=(backing.key,),
            lessons_shown=tuple([lesson.lesson for lesson in backing.lessons]),
            held_out=signal.held_out,
            exploration=probing,
            priority=round(backing.confidence * max(expected.net_bps, 0.0) * leaning, 6),
            replaces=replaces,
            reason=_reason(signal, backing, probing, sized.bound_by),
        )

    async def _expected(self, signal: Prediction, desk: Desk, market: Market) -> Expectation:
        """The forecast's own net result, corrected for what trading was measured to cost."""
        way = way_key(self._venue, "taker", volatility_of(signal.regime))
        sums = await desk.tables.look("execution.sums", keys=[way])
        model_bps = self._costs.taker_bps(signal.half_spread_bps, signal.slippage_bps)
        side = experience.expected(sums[0] if sums else None, model_bps)
        modelled = self._costs.round_trip_bps(signal.half_spread_bps, signal.slippage_bps)
        cost_bps = 2.0 * side.cost_bps
        return Expectation(
            net_bps=signal.expected_bps - (cost_bps - modelled),
            holding_s=max(int(horizon_s(signal) * side.held_share), 60),
            p=signal.p,
            cost_bps=cost_bps,
            fill_probability=side.fill_probability,
            cost_model=self._costs.name,
            measured=side.measured,
        )


async def _leaning(signal: Prediction, desk: Desk) -> float:
    """How much more, or less, a resonant pattern counts: 1 until an ablation has shown that it pays."""
    if signal.resonance is None:
        return 1.0
    latest = await desk.board.latest("ablation")
    body = latest[0].body if latest else None
    if not isinstance(body, Ablation):
        return 1.0
    return lean(signal.resonance, body.lam, body.mean_resonance)


def horizon_s(signal: Prediction) -> float:
    """How long the forecast reaches."""
    return (signal.expires_at - signal.opens_at).total_seconds()


def side_of(signal: Prediction) -> Side:
    """The side that follows a forecast."""
    return "buy" if signal.direction == "up" else "sell"


def volatility_of(regime: str) -> Volatility:
    """The volatility half of a regime's name."""
    for name in ("quiet", "wild"):
        if name in regime:
            return "quiet" if name == "quiet" else "wild"
    return "normal"


def edge_low_bps(rows: Sequence[dict[str, Any]]) -> float:
    """The 10 % lower bound of the mean net result, from the finest key with enough blocks; −∞ without one."""
    row = observers.finest(rows)
    if row is None:
        return float("-inf")
    return float(row["net_bps"] + stdtrit(row["n_blocks"] - 1, 0.10) * row["se_bps"])


@lru_cache(maxsize=10_000)
def _ladder(
    pattern: str, direction: str, symbol: str, timeframe: str, regime: str, session: str
) -> tuple[str, ...]:
    """The names of the fully scoped key and of those above it, down to the pattern itself."""
    keys = [
        PatternKey(
            pattern=pattern,
            direction=direction,
            symbol=symbol,
            timeframe=timeframe,
            regime=regime,
            session=session,
        )
    ]
    while (above := keys[-1].parent) is not None and above.pattern == pattern:
        keys.append(above)
    return tuple(map(str, keys))


def _agreeing(newest: Sequence[Strand], strand: Strand, signal: Prediction) -> Iterator[Strand]:
    """Those of the last minutes that say the same, the newest first."""
    since = strand.at - AGREEING_WITHIN
    for other in newest:
        if other.at < since:
            return
        if other.at <= strand.at and other.id != strand.id and _agrees(other, signal):
            yield other


def _agrees(other: Strand, signal: Prediction) -> bool:
    return isinstance(other.body, Prediction) and other.body.direction == signal.direction


def _reason(signal: Prediction, backing: Backing, probing: bool, bound_by: str) -> str:
    stances = ", ".join([f"{o.observer} {o.stance}" for o in backing.observations])
    what = "a probe, because the evidence shows no edge yet" if probing else f"sized by {bound_by}"
    shown = "".join([f"; {said(lesson)}" for lesson in backing.lessons[:SAID_AT_MOST]])
    return f"{signal.pattern} {signal.direction} on {signal.timeframe}; {stances}; {what}{shown}"
