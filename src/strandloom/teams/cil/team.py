"""The central intelligence layer's modules, in the order in which a replay visits them."""

from strandloom.blackboard.module import Seat
from strandloom.learning.embedding import HashingEmbedder
from strandloom.learning.horizons import Horizons
from strandloom.learning.lessons.gathering import Trails
from strandloom.llm.port import Writer
from strandloom.scoring.costs import CostModel
from strandloom.teams.cil.doctrine import DoctrineKeeper
from strandloom.teams.cil.guidance import GuidanceKeeper
from strandloom.teams.cil.lessons import Lessons
from strandloom.teams.cil.proposer import Proposer
from strandloom.teams.cil.resonance import ResonanceJudge
from strandloom.teams.cil.scribe import Scribe
from strandloom.teams.cil.synthesis import Synthesis
from strandloom.teams.cil.weaver import Weaver


def seats(writer: Writer, horizons: Horizons, costs: CostModel) -> tuple[Seat, ...]:
    """Scores first, then braids, lessons and doctrine, then what is made of them all."""
    trails = Trails()
    return (
        Seat(module=ResonanceJudge(), order="free"),
        Seat(module=Weaver(HashingEmbedder()), order="feed"),
        Seat(module=Proposer(writer, horizons, costs), order="free"),
        Seat(module=Lessons(horizons, costs, trails), order="free"),
        Seat(module=DoctrineKeeper(trails), order="free"),
        Seat(module=Synthesis(writer), order="feed"),
        Seat(module=GuidanceKeeper(writer), order="free"),
        Seat(module=Scribe(writer), order="free"),
    )
