"""Gathers what the choice of a style is made from: evidence, lessons in force, guidance."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from strandloom.basics.quick import changed
from strandloom.blackboard.desk import Desk
from strandloom.blackboard.together import together
from strandloom.kinds.decision import Decision
from strandloom.kinds.insight import Executing, Guidance
from strandloom.kinds.lesson import StyleLesson
from strandloom.kinds.order import Choice
from strandloom.kinds.performance import Style
from strandloom.learning.lessons.facts import Facts
from strandloom.learning.lessons.retrieve import Shelf, matching_styles
from strandloom.learning.lessons.told import Tellings
from strandloom.scoring.costs import CostModel
from strandloom.teams.trader import style as styles
from strandloom.teams.trader.combination import Combination, size_of, spread_of
from strandloom.teams.trader.style import Known, Shown
from strandloom.teams.trader.wanted import Crossing
from strandloom.teams.trader.ways import Ways
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

    async def __call__(self, name: UUID, body: Decision, desk: Desk, ways: Ways) -> Choice:
        possible = styles.possible(body, self._venue.instrument(body.symbol), desk.now)
        if len(possible) == 1:
            return styles.choose(Shown(possible=possible, taker_bps=0.0))
        shown = await self._shown(body, possible, desk, ways)
        choice = styles.choose(shown, styles.draw_of(name), self._trying_share)
        if not choice.lessons:
            return choice
        return changed(choice, told_by=await self._told.strands(choice.lessons, desk))

    async def _shown(self, body: Decision, possible: tuple[Style, ...], desk: Desk, ways: Ways) -> Shown:
        notional_usd = float(body.quantity * body.worst_price)
        modelled = self._crossing.bps(desk.market, body.symbol, notional_usd)
        half_bps, slippage_bps = modelled or (0.0, 0.0)
        way = Combination(
            venue=body.venue or self._venue.name,
            style="taker",
            volatility="normal",
            spread=spread_of(half_bps if modelled else None),
            size=size_of(notional_usd),
        )
        _, guidance, snapshot = await together(
            desk, ways.learn([way], [body.plan]), _guidance(desk), self._shelf.at(desk)
        )
        volatility = ways.volatility(body.plan)
        sent = {style: changed(way, style=style, volatility=volatility) for style in possible}
        return Shown(
            possible=possible,
            taker_bps=self._costs.taker_bps(half_bps, slippage_bps),
            known=_known(sent, ways.sums, snapshot.styles(), body),
            guidance=guidance,
            volatility=volatility,
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


async def _guidance(desk: Desk) -> tuple[Executing, ...]:
    """What CIL last told the Trader."""
    told: Sequence[Any] = await desk.board.latest("guidance", limit=20)
    newest = next((s.body for s in told if isinstance(s.body, Guidance) and s.body.team == "trader"), None)
    return newest.executing if newest else ()
