"""What the channels of an account say, each thing once: messages come twice, late, or in the wrong order."""

from collections import OrderedDict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from strandloom.basics.ids import from_unix_ms
from strandloom.hyperliquid.socket import Message
from strandloom.kinds.fill import Fill, FundingPaid
from strandloom.venues.account_feed import AccountEvent, Liquidated, OrderUpdate, VenueCancelled
from strandloom.venues.hyperliquid import parse
from strandloom.venues.hyperliquid.executions import Executions
from strandloom.venues.port import LIVE
from strandloom.venues.words import state_of

_REMEMBERED: Final = 20_000


class Hearing:
    """Remembers what was told; pure but for the executions, which count what it hears."""

    def __init__(self, venue: str, executions: Executions) -> None:
        self._venue = venue
        self._executions = executions
        self._told: OrderedDict[Hashable, None] = OrderedDict()
        self._orders: OrderedDict[int, tuple[int, bool]] = OrderedDict()  # newest change, and is it over?

    def subscriptions(self, account: str) -> list[Mapping[str, Any]]:
        """The fills come last: when their snapshot has come, all others are in force."""
        kinds = ("orderUpdates", "userEvents", "userFundings", "userFills")
        return [{"type": kind, "user": account} for kind in kinds]

    def message(self, message: Message) -> Iterator[AccountEvent]:
        """The news in a message; what a snapshot repeats of the past is asked for over HTTP instead."""
        data = message.data
        match message.channel:
            case "orderUpdates":
                yield from self._updates(data)
            case "userFills" | "userFundings" if data.get("isSnapshot"):
                return
            case "userFills":
                yield from self.fills(map(self._executions.heard, data["fills"]))
            case "userFundings":
                yield from self.fundings(parse.funding(self._venue, one) for one in data["fundings"])
            case "user":
                yield from self._happened(data)

    def fills(self, fills: Iterable[Fill]) -> Iterator[Fill]:
        """Those that were not told before."""
        for fill in fills:
            if self._is_news(("fill", fill.at, fill.symbol, fill.tid)):
                yield fill

    def fundings(self, paid: Iterable[FundingPaid]) -> Iterator[FundingPaid]:
        """Those that were not told before."""
        for one in paid:
            if self._is_news(("funding", one.at, one.symbol)):
                yield one

    def _happened(self, data: Mapping[str, Any]) -> Iterator[AccountEvent]:
        match data:
            case {"fills": fills}:
                yield from self.fills(map(self._executions.heard, fills))
            case {"funding": funding}:
                yield from self.fundings([parse.funding(self._venue, funding)])
            case {"liquidation": told}:
                if self._is_news(("liquidation", told["lid"])):
                    value = Decimal(told["liquidated_account_value"])
                    yield Liquidated(venue=self._venue, account_value_usd=value)
            case {"nonUserCancel": cancels}:
                for one in cancels:
                    if self._is_news(("cancelled", one["oid"])):
                        yield VenueCancelled(venue=self._venue, symbol=one["coin"], oid=one["oid"])

    def _updates(self, updates: Iterable[Mapping[str, Any]]) -> Iterator[OrderUpdate]:
        for told in updates:
            stand = parse.stand(told)
            update = OrderUpdate(
                venue=self._venue,
                symbol=stand.symbol,
                oid=stand.oid,
                cloid=stand.cloid,
                state=state_of(stand.status, Decimal(0) if stand.reduce_only else stand.asked - stand.left),
                status=stand.status,
                left=stand.left,
                at=from_unix_ms(stand.changed_ms),
            )
            if self._is_newer(stand, over=update.state not in LIVE) and self._is_news(update):
                yield update

    def _is_newer(self, stand: parse.Stand, *, over: bool) -> bool:
        """An order that is over stays over, and no older state comes after a newer one."""
        newest, was_over = self._orders.get(stand.oid, (0, False))
        if stand.changed_ms < newest or (was_over and not over):
            return False
        _put(self._orders, stand.oid, (stand.changed_ms, over))
        return True

    def _is_news(self, key: Hashable) -> bool:
        if key in self._told:
            return False
        _put(self._told, key, None)
        return True


def _put(kept: OrderedDict[Any, Any], key: Hashable, value: Any) -> None:
    kept[key] = value
    if len(kept) > _REMEMBERED:
        kept.popitem(last=False)
