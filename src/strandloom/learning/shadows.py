"""learning.shadows: a refused plan goes on as a shadow, so that what the gate prevents is learnt too."""

from datetime import timedelta

from strandloom.blackboard.desk import Desk
from strandloom.blackboard.strand import NOTHING, Draft, Said, Strand
from strandloom.kinds.decision import Refusal
from strandloom.kinds.plan import TradingPlan
from strandloom.kinds.prediction import Prediction
from strandloom.learning.keys import PatternKey
from strandloom.scoring.costs import cost_model

NO_TARGET = 10.0  # a plan without a take-profit is followed to its stop or its time limit
BY_HAND = PatternKey(pattern="plan.by_hand", timeframe="1m", regime="any", session="any")


class Shadows:
    """One shadow per refused plan, under the key of the first rule that refused it."""

    name = "learning.shadows"
    reads = ("learning:refusal",)

    async def handle(self, strand: Strand, desk: Desk) -> Said:
        refusal = strand.body
        if not isinstance(refusal, Refusal) or not refusal.failed:
            return NOTHING
        found = await desk.board.get(refusal.plan)
        if found is None or not isinstance(found.body, TradingPlan) or found.body.condition is not None:
            return NOTHING  # whether a condition would have been met is not known
        plan = found.body
        draft = Draft(
            body=_shadow(plan, f"gate.{refusal.failed[0].rule}", strand),
            tags=("learning:shadow",),
            parents=(found.id,),
            symbol=plan.symbol,
        )
        return Said(drafts=(draft,))


def _shadow(plan: TradingPlan, pattern: str, strand: Strand) -> Prediction:
    key = PatternKey.parse(plan.patterns[0]) if plan.patterns else BY_HAND
    reference = float(plan.reference)
    up = plan.side == "buy"
    far = reference * NO_TARGET if up else reference / NO_TARGET
    costs = cost_model(plan.expected.cost_model)
    crossing = (plan.expected.cost_bps - costs.round_trip_bps(0.0, 0.0)) / 2.0
    return Prediction(
        pattern=pattern,
        symbol=plan.symbol,
        timeframe=key.timeframe or "1m",
        regime=key.regime or "any",
        session=key.session or "any",
        direction="up" if up else "down",
        p=plan.expected.p,
        p_base=plan.expected.p,
        reference_rate=0.5,
        expected_bps=plan.expected.net_bps,
        expected_bps_base=plan.expected.net_bps,
        held_out=plan.held_out,
        reference=reference,
        target=float(plan.take_profit) if plan.take_profit is not None else far,
        stop=float(plan.stop),
        opens_at=strand.at,
        expires_at=strand.at + timedelta(seconds=plan.time_limit_s),
        half_spread_bps=max(crossing, 0.0),
        slippage_bps=0.0,
        cost_model=costs.name,
        family="gate",
        shadow=True,
    )
