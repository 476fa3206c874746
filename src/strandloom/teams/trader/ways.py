"""What ways of sending have come to, and how wild a plan's market was: asked for once in a handling."""

from collections.abc import Iterable
from uuid import UUID

from strandloom.blackboard.desk import Desk
from strandloom.blackboard.tables import Row
from strandloom.blackboard.together import together
from strandloom.kinds.performance import Volatility
from strandloom.kinds.plan import TradingPlan
from strandloom.learning.keys import PatternKey
from strandloom.teams.trader.combination import Combination, volatility_of


class Ways:
    """Of one handling: the next one asks anew, for others learn meanwhile."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._looked: set[tuple[str, ...]] = set()
        self._volatility: dict[UUID, Volatility] = {}
        self.sums: dict[str, Row] = {}  # by key; what nobody has sent so is not there

    async def learn(self, ways: Iterable[Combination], plans: Iterable[UUID | None]) -> None:
        """Ask for what is not known yet, at once: an entry is in a hurry."""
        families = {way.family for way in ways} - self._looked
        new = {plan for plan in plans if plan is not None and plan not in self._volatility}
        looks = [self._look(family) for family in sorted(families)]
        if looks or new:
            await together(self._desk, *looks, *[self._get(plan) for plan in sorted(new)])

    def volatility(self, plan: UUID | None) -> Volatility:
        """That of the pattern that the plan stands on."""
        return self._volatility[plan] if plan is not None else "normal"

    async def _look(self, family: tuple[str, ...]) -> None:
        rows = await self._desk.tables.look("execution.sums", keys=list(family))
        self.sums.update({row["key"]: row for row in rows})
        self._looked.add(family)

    async def _get(self, plan: UUID) -> None:
        found = await self._desk.board.get(plan)
        patterns = found.body.patterns if found and isinstance(found.body, TradingPlan) else ()
        self._volatility[plan] = volatility_of(PatternKey.parse(patterns[0]).regime if patterns else None)
