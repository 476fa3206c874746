"""Which way of sending orders has been worth it, by what the Trader said it learnt."""

from scipy.special import stdtrit

from strandloom.blackboard.desk import Desk
from strandloom.kinds.execution import ExecutionLearning
from strandloom.kinds.insight import Executing

LOOKED_AT = 200
FEWEST_ORDERS = 20
SURE = 0.9  # that the sign is right


async def known(desk: Desk) -> tuple[Executing, ...]:
    """One per venue, style and volatility whose sign is known; the newest word on each counts."""
    newest: dict[tuple[str, str, str], ExecutionLearning] = {}
    for strand in await desk.board.latest("execution_learning", limit=LOOKED_AT):
        body = strand.body
        if isinstance(body, ExecutionLearning) and strand.at < desk.now:
            newest.setdefault((body.venue, body.style, body.volatility), body)
    sure = (newest[place] for place in sorted(newest))
    return tuple(
        _executing(body) for body in sure if body.orders >= FEWEST_ORDERS and body.confidence >= SURE
    )


def _executing(body: ExecutionLearning) -> Executing:
    se_bps = body.sd_bps / body.orders**0.5
    return Executing(
        venue=body.venue,
        style=body.style,
        volatility=body.volatility,
        saved_bps=body.mean_saved_bps,
        low_bps=body.mean_saved_bps + float(stdtrit(body.orders - 1, 0.10)) * se_bps,
        n=body.orders,
    )
