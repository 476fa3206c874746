"""The Decision Maker's modules, in the order in which a replay visits them."""

from collections.abc import Callable

from strandloom.blackboard.module import Seat
from strandloom.kinds.instrument import Instruments
from strandloom.risk.limits import Limits
from strandloom.scoring.costs import CostModel
from strandloom.teams.decision_maker.account import AccountKeeper
from strandloom.teams.decision_maker.breaker import Breaker
from strandloom.teams.decision_maker.closer import Closer
from strandloom.teams.decision_maker.gate import Gate
from strandloom.teams.decision_maker.planner import Planner


def seats(
    instruments: Instruments, limits: Callable[[], Limits], costs: CostModel, *, venue: str, paper: bool
) -> tuple[Seat, ...]:
    """Each answers strands that do not wait for each other: what must not happen twice, the tables refuse."""
    return (
        Seat(module=Breaker(), order="free"),
        Seat(module=AccountKeeper(limits), order="free"),
        Seat(module=Planner(instruments, limits, costs, venue), order="free"),
        Seat(module=Gate(instruments, limits, paper=paper), order="free"),
        Seat(module=Closer(instruments, limits), order="feed"),
    )
