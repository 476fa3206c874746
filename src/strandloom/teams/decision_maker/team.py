"""The Decision Maker's modules, in the order in which a replay visits them."""

from strandloom.blackboard.module import Seat
from strandloom.kinds.instrument import Instruments
from strandloom.llm.port import Writer
from strandloom.risk.watch import LimitsInForce
from strandloom.scoring.costs import CostModel
from strandloom.teams.decision_maker.account import AccountKeeper
from strandloom.teams.decision_maker.breaker import Breaker
from strandloom.teams.decision_maker.closer import Closer
from strandloom.teams.decision_maker.gate import Gate
from strandloom.teams.decision_maker.limits import LimitsKeeper
from strandloom.teams.decision_maker.planner import Planner
from strandloom.teams.decision_maker.record import Record


def seats(
    instruments: Instruments,
    limits: LimitsInForce,
    costs: CostModel,
    *,
    venue: str,
    paper: bool,
    writer: Writer | None = None,
) -> tuple[Seat, ...]:
    """Each answers strands that do not wait for each other: what must not happen twice, the tables refuse."""
    return (
        Seat(module=LimitsKeeper(limits), order="feed"),
        Seat(module=Breaker(), order="free"),
        Seat(module=AccountKeeper(limits), order="free"),
        Seat(module=Planner(instruments, limits, costs, venue, writer), order="free"),
        Seat(module=Gate(instruments, limits, paper=paper), order="free"),
        Seat(module=Record(), order="free"),
        Seat(module=Closer(instruments, limits), order="feed"),
    )
