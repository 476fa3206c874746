"""The chance that an order saves against a taker order, written into the intent before it can be sent."""

from strandloom.basics.errors import Retryable
from strandloom.basics.quick import changed
from strandloom.blackboard.desk import Desk
from strandloom.blackboard.strand import Draft, Said
from strandloom.kinds.order import OrderIntent
from strandloom.teams.trader import chance, wanted
from strandloom.teams.trader.combination import Combination
from strandloom.teams.trader.ways import Ways


class Foretelling:
    """The last step of whoever asks for orders.  The intent is committed with its chance, or not at all."""

    def __init__(self, crossing: wanted.Crossing) -> None:
        self._crossing = crossing

    async def __call__(self, said: Said, desk: Desk, ways: Ways | None = None) -> Said:
        """The same, with the chances of all orders that it asks for; `ways` is what was asked before."""
        asked = [draft.body for draft in said.drafts if isinstance(draft.body, OrderIntent)]
        if not asked:
            return said
        ways = ways or Ways(desk)
        sent = {intent.cloid: self._way(intent, desk) for intent in asked}
        await ways.learn(sent.values(), [intent.plan for intent in asked])
        return changed(said, drafts=tuple([_with(draft, sent, ways) for draft in said.drafts]))

    def _way(self, intent: OrderIntent, desk: Desk) -> Combination:
        notional_usd = float(intent.quantity * wanted.arrival_of(intent))
        try:
            modelled = self._crossing.bps(desk.market, intent.symbol, notional_usd)
        except Retryable:
            modelled = None  # what guards a position is asked for without a feed, too
        return wanted.way_of(intent, None, modelled)


def _with(draft: Draft, sent: dict[str, Combination], ways: Ways) -> Draft:
    body = draft.body
    if not isinstance(body, OrderIntent):
        return draft
    keys = changed(sent[body.cloid], volatility=ways.volatility(body.plan)).keys
    p, p_above = chance.chances(keys, ways.sums)
    likely = chance.likely_saved_bps(keys, ways.sums)
    return changed(draft, body=changed(body, p=p, p_above=p_above, likely_saved_bps=likely))
