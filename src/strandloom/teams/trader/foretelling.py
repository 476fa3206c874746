"""The chance that an order saves against a taker order, written into the intent before it can be sent."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, get_args
from uuid import UUID

from strandloom.basics.errors import Retryable
from strandloom.blackboard.desk import Desk
from strandloom.blackboard.strand import Draft, Said
from strandloom.kinds.order import OrderIntent
from strandloom.kinds.performance import Volatility
from strandloom.kinds.plan import TradingPlan
from strandloom.kinds.registry import Body
from strandloom.teams.trader import chance, wanted
from strandloom.teams.trader.combination import Combination

VOLATILITIES: Final[tuple[Volatility, ...]] = get_args(Volatility)


class Foretelling:
    """The last step of whoever asks for orders.  The intent is committed with its chance, or not at all."""

    def __init__(self, crossing: wanted.Crossing) -> None:
        self._crossing = crossing

    async def __call__(self, said: Said, desk: Desk) -> Said:
        """The same, with the chances of all orders that it asks for."""
        intents = [draft.body for draft in said.drafts if isinstance(draft.body, OrderIntent)]
        if not intents:
            return said
        bare = {intent.cloid: self._way(intent, desk) for intent in intents}
        keys = {
            key
            for way in bare.values()
            for wild in VOLATILITIES
            for key in replace(way, volatility=wild).keys
        }
        asked = {intent.plan for intent in intents if intent.plan is not None}
        sums, *found = await asyncio.gather(  # at once: an entry is in a hurry
            desk.tables.look("execution.sums", keys=sorted(keys)),
            *(desk.board.get(plan) for plan in sorted(asked)),
        )
        plans = {one.id: one.body for one in found if one is not None}
        ways = {i.cloid: replace(bare[i.cloid], volatility=_volatility(plans, i)) for i in intents}
        return replace(said, drafts=tuple(_with(draft, ways, sums) for draft in said.drafts))

    def _way(self, intent: OrderIntent, desk: Desk) -> Combination:
        notional_usd = float(intent.quantity * wanted.arrival_of(intent))
        try:
            modelled = self._crossing.bps(desk.market, intent.symbol, notional_usd)
        except Retryable:
            modelled = None  # what guards a position is asked for without a feed, too
        return wanted.way_of(intent, None, modelled)


def _volatility(plans: Mapping[UUID, Body], intent: OrderIntent) -> Volatility:
    plan = plans.get(intent.plan) if intent.plan is not None else None
    return wanted.way_of(intent, plan if isinstance(plan, TradingPlan) else None, None).volatility


def _with(draft: Draft, ways: Mapping[str, Combination], sums: Sequence[Mapping[str, Any]]) -> Draft:
    body = draft.body
    if not isinstance(body, OrderIntent):
        return draft
    keys = ways[body.cloid].keys
    p, p_above = chance.chances(keys, sums)
    likely = chance.likely_saved_bps(keys, sums)
    return replace(draft, body=replace(body, p=p, p_above=p_above, likely_saved_bps=likely))
