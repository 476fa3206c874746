"""cil.proposer: each night asks the writer which hypotheses the braids suggest; rules have none to add."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from strandloom.blackboard.desk import Desk
from strandloom.blackboard.strand import NOTHING, Draft, Said, Strand
from strandloom.kinds.braid import Braid
from strandloom.kinds.lesson import Hypothesis, Lesson
from strandloom.learning.horizons import Horizons
from strandloom.learning.keys import PatternKey
from strandloom.learning.lessons import proposing, rows
from strandloom.learning.lessons.match import parsed, patterns_of
from strandloom.learning.lessons.registering import LIVE
from strandloom.learning.lessons.telling import spoken
from strandloom.llm.figures import Number
from strandloom.llm.port import Ask, Byline, Evidence, Writer
from strandloom.scoring.costs import CostModel
from strandloom.teams.cil.proposals import grammar

LOOKED_AT, TOLD, KNOWN = 300, 12, 60
FEWEST_BLOCKS = 10
PER_NIGHT = 2  # every candidate costs all others some power, for ever


class Proposer:
    """What it posts is registered like anybody's hypothesis, and confirmed by nothing known before."""

    name = "cil.proposer"
    reads = ("system:job:nightly",)

    def __init__(self, writer: Writer, horizons: Horizons, costs: CostModel) -> None:
        self._writer = writer
        self._horizons = horizons
        self._costs = costs

    async def handle(self, strand: Strand, desk: Desk) -> Said:
        braids = _telling(await desk.board.latest("braid", limit=LOOKED_AT))
        every = await rows.all_now(desk.tables) if braids else []
        room = proposing.LIVE_AT_MOST - sum(lesson.status in LIVE for lesson in every)
        if not braids or room <= 0:
            return NOTHING
        ask = _ask(strand, [body for _, body in braids], every)
        patterns = self._horizons.patterns()
        heard = await self._writer.hypotheses(ask, grammar(patterns, ask.evidence, min(PER_NIGHT, room)))
        known = {rows.identity_of(lesson) for lesson in every}
        found = (self._hypothesis(proposal, heard.by) for proposal in heard.proposals)
        new = [body for body in found if proposing.statement(body) not in known]
        return Said(drafts=tuple(_draft(body, [name for name, _ in braids]) for body in new))

    def _hypothesis(self, proposal: Mapping[str, Any], by: Byline) -> Hypothesis:
        """The statement is the writer's; horizon and costs are not."""
        predicate = parsed(proposal["predicate"])
        keys = (PatternKey(pattern=name) for name in patterns_of(predicate) or ())
        return Hypothesis(
            family="pattern",
            predicate=predicate,
            action_hint=proposal["action_hint"],
            horizon_s=max(map(self._horizons.longest_s, keys)),
            cost_model=self._costs.name,
            cost_bps=self._costs.round_trip_bps(
                proposing.TYPICAL_HALF_SPREAD_BPS, proposing.TYPICAL_SLIPPAGE_BPS
            ),
            writer=str(by),
            mechanism=proposal["mechanism"],
        )


def _telling(newest_first: Sequence[Strand]) -> list[tuple[UUID, Braid]]:
    """Braids of braids with an interval, those that stand out most first; of each cluster the newest."""
    found: dict[str, tuple[UUID, Braid]] = {}
    for strand in newest_first:
        body = strand.body
        if isinstance(body, Braid) and body.level > 1 and body.n_blocks >= FEWEST_BLOCKS and _width(body):
            found.setdefault(body.cluster, (strand.id, body))
    ranked = sorted(found.values(), key=lambda it: (-abs(it[1].mean_net_bps) / _width(it[1]), it[1].cluster))
    return ranked[:TOLD]


def _width(body: Braid) -> float:
    return body.net_high - body.net_low if body.net_low is not None and body.net_high is not None else 0.0


def _ask(strand: Strand, braids: Sequence[Braid], every: Collection[Lesson]) -> Ask:
    numbers: dict[str, Number | None] = {}
    names: dict[str, str | Sequence[str]] = {
        "known": tuple(spoken(lesson.predicate) for lesson in list(every)[-KNOWN:])
    }
    for n, body in enumerate(braids, 1):
        names[f"cluster_{n}"] = body.cluster
        names[f"about_{n}"] = tuple(sorted(body.about))
        numbers |= {
            f"n_{n}_blocks": body.n_blocks,
            f"net_{n}_bps": body.mean_net_bps,
            f"gross_{n}_bps": body.mean_gross_bps,
            f"low_{n}_bps": body.net_low,
            f"high_{n}_bps": body.net_high,
        }
    return Ask(
        agent="cil.proposer",
        prompt="cil/hypotheses",
        evidence=Evidence(numbers=numbers, names=names),
        at=strand.at,
        correlation=strand.lifecycle,
    )


def _draft(body: Hypothesis, braids: Sequence[UUID]) -> Draft:
    return Draft(body=body, tags=("cil:hypothesis",), parents=tuple(braids))
