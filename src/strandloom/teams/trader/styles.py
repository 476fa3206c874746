"""Gathers what the choice of a style is made from: evidence, lessons in force, guidance."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from strandloom.blackboard.desk import Desk
from strandloom.blackboard.together import together
from strandloom.kinds.decision import Decision
from strandloom.kinds.insight import Executing, Guidance
from strandloom.kinds.lesson import StyleLesson
from strandloom.kinds.order import Choice
from strandloom.kinds.performance import Style
from strandloom.kinds.plan import TradingPlan
from strandloom.learning.keys import PatternKey
from strandloom.learning.lessons.facts import Facts
from strandloom.learning.lessons.retrieve import Shelf, matching_styles
from strandloom.learning.lessons.told import Tellings
from strandloom.scoring.costs import CostModel
from strandloom.teams.trader import style as styles
from strandloom.teams.trader.combination import Combination, size_of, spread_of, volatility_of
from strandloom.teams.trader.style import Known, Shown
from strandloom.teams.trader.wanted import Crossing
from strandloom.venues.port import Venue


class Styles:
    """Asks nothing where the decision leaves no choice."""

    def __init__(self, venue: Venue, costs: CostModel, crossing: Crossing, trying_share: float) -> None:
        self._venue = venue
        self._crossing = crossing
        self._costs = costs
        self._trying_share = trying_share if venue.mode == "paper" else 0.0
        self._shelf = Shelf()
        self._told = Tellings()

    async def __call__(self, name: UUID, body: Decision, desk: Desk) -> Choice:
        possible = styles.possible(body, self._venue.instrument(body.symbol), desk.now)
        if len(possible) == 1:
            return styles.choose(Shown(possible=possible, taker_bps=0.0))
        shown = await self._shown(body, possible, desk)
        choice = styles.choose(shown, styles.draw_of(name), self._trying_share)
        return replace(choice, told_by=await self._told.strands(choice.lessons, desk))

    async def _shown(self, body: Decision, possible: tuple[Style, ...], desk: Desk) -> Shown:
        plan, guidance, snapshot = await together(
            desk, _plan(body, desk), _guidance(desk), self._shelf.at(desk)
        )
        notional_usd = float(body.quantity * body.worst_price)
        modelled = self._crossing.bps(desk.market, body.symbol, notional_usd)
        half_bps, slippage_bps = modelled or (0.0, 0.0)
        way = Combination(
            venue=body.venue or self._venue.name,
            style="taker",
            volatility=volatility_of(_regime(plan)),
            spread=spread_of(half_bps if modelled else None),
            size=size_of(notional_usd),
        )
        ways = {style: _as(way, style) for style in possible}
        rows = await desk.tables.look("execution.sums", keys=[one.keys[1] for one in ways.values()])
        known = _known(ways, {row["key"]: row for row in rows}, snapshot.styles(), body)
        return Shown(
            possible=possible,
            taker_bps=self._costs.taker_bps(half_bps, slippage_bps),
            known=known,
            guidance=guidance,
            volatility=way.volatility,
        )


def _known(
    ways: Mapping[Style, Combination],
    rows: Mapping[str, Any],
    lessons: Sequence[StyleLesson],
    body: Decision,
) -> dict[Style, Known]:
    found: dict[Style, Known] = {}
    for style, way in ways.items():
        row = rows.get(way.keys[1])
        about = [lesson for lesson in lessons if lesson.style == style]
        found[style] = Known(
            style=style,
            orders=float(row["measured"]) if row else 0.0,
            saved_bps=float(row["saved_bps"]) if row else 0.0,
            lessons=matching_styles(about, _facts(way, body)) if about else (),
        )
    return found


def _as(way: Combination, style: Style) -> Combination:
    return Combination(
        venue=way.venue, style=style, volatility=way.volatility, spread=way.spread, size=way.size
    )


def _facts(way: Combination, body: Decision) -> Facts:
    return Facts(
        kind="execution",
        pattern=way.pattern,
        direction="up" if body.side == "buy" else "down",
        side=body.side,
        symbol=body.symbol,
        regime=way.regime,
        session=way.size,
        venue=way.venue,
        style=way.style,
        volatility=way.volatility,
        spread=way.spread,
        size=way.size,
    )


async def _plan(body: Decision, desk: Desk) -> object:
    found = await desk.board.get(body.plan) if body.plan else None
    return found.body if found else None


def _regime(plan: object) -> str | None:
    """The regime of the pattern that the plan stands on."""
    if not isinstance(plan, TradingPlan) or not plan.patterns:
        return None
    return PatternKey.parse(plan.patterns[0]).regime


async def _guidance(desk: Desk) -> tuple[Executing, ...]:
    """What CIL last told the Trader."""
    told: Sequence[Any] = await desk.board.latest("guidance", limit=20)
    newest = next((s.body for s in told if isinstance(s.body, Guidance) and s.body.team == "trader"), None)
    return newest.executing if newest else ()
