"""The chance that an order saves against a taker order, written into the intent before it can be sent."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from strandloom.basics.errors import Retryable
from strandloom.blackboard.desk import Desk
from strandloom.blackboard.strand import Draft, Said
from strandloom.kinds.order import OrderIntent
from strandloom.kinds.plan import TradingPlan
from strandloom.teams.trader import chance, wanted
from strandloom.teams.trader.combination import Combination


class Foretelling:
    """The last step of whoever asks for orders.  The intent is committed with its chance, or not at all."""

    def __init__(self, crossing: wanted.Crossing) -> None:
        self._crossing = crossing

    async def __call__(self, said: Said, desk: Desk) -> Said:
        """The same, with the chances of all orders that it asks for."""
        ways = {
            draft.body.cloid: await self._way(draft.body, desk)
            for draft in said.drafts
            if isinstance(draft.body, OrderIntent)
        }
        if not ways:
            return said
        keys = sorted({key for way in ways.values() for key in way.keys})
        sums = await desk.tables.look("execution.sums", keys=keys)
        return replace(said, drafts=tuple(_with(draft, ways, sums) for draft in said.drafts))

    async def _way(self, intent: OrderIntent, desk: Desk) -> Combination:
        found = await desk.board.get(intent.plan) if intent.plan is not None else None
        plan = found.body if found is not None and isinstance(found.body, TradingPlan) else None
        notional_usd = float(intent.quantity * wanted.arrival_of(intent))
        try:
            modelled = self._crossing.bps(desk.market, intent.symbol, notional_usd)
        except Retryable:
            modelled = None  # what guards a position is asked for without a feed, too
        return wanted.way_of(intent, plan, modelled)


def _with(draft: Draft, ways: Mapping[str, Combination], sums: Sequence[Mapping[str, Any]]) -> Draft:
    body = draft.body
    if not isinstance(body, OrderIntent):
        return draft
    keys = ways[body.cloid].keys
    p, p_above = chance.chances(keys, sums)
    likely = chance.likely_saved_bps(keys, sums)
    return replace(draft, body=replace(body, p=p, p_above=p_above, likely_saved_bps=likely))
