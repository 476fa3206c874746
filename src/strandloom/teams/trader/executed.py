"""The fills that were not read before: into the ledger, and to the orders that they belong to."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from strandloom.basics.ids import unix_ms
from strandloom.blackboard.desk import Desk
from strandloom.kinds.fill import Fill
from strandloom.ledger import journal
from strandloom.teams.trader import order as orders
from strandloom.teams.trader import tables
from strandloom.teams.trader.order import Row
from strandloom.teams.trader.round import Round
from strandloom.venues.port import Account, Venue

OVERLAP = timedelta(minutes=1)  # fills are read again so far back: a venue may tell one late
HOUR = timedelta(hours=1)


async def book(
    accounts: Sequence[Account], round_: Round, read: Sequence[Row], *, recovered: bool
) -> list[Fill]:
    """What is new goes into each account's ledger, and so does funding after each hour.

    `read` says of each account how far it was read.
    """
    new: list[Fill] = []
    before = {row["venue"]: row for row in read}
    for account in accounts:
        new += await _book(account, round_, before.get(account.name), recovered=recovered)
    return new if len(accounts) == 1 else sorted(new, key=lambda fill: fill.at)


async def _book(account: Account, round_: Round, read: Row | None, *, recovered: bool) -> list[Fill]:
    since = datetime.fromisoformat(read["at"]) - OVERLAP if read else round_.at
    found = {_key(fill): fill for fill in await account.fills(since)}
    new = [fill for key, fill in found.items() if not read or key not in read["keys"]]
    if new or not read:
        round_.writes += [journal.of_fill(fill) for fill in new]
        edge = max([fill.at for fill in found.values()], default=since)
        recent = [key for key, fill in found.items() if fill.at >= edge - OVERLAP]
        round_.writes.append(tables.read_to(account.name, edge, recent))
    if read and (round_.at.minute <= 1 or not recovered):
        paid = await account.fundings(round_.at - HOUR)
        round_.writes += [journal.of_funding(one) for one in paid]
    return new


async def follow(venue: Venue, round_: Round, fills: Sequence[Fill], desk: Desk) -> None:
    """Fills of orders that we thought were over, and fills that none of ours asked for."""
    strange: dict[tuple[str, int], list[Fill]] = {}  # by account and order id
    for fill in fills:
        order = round_.orders.get(fill.cloid or "")
        if order is None and fill.cloid is not None:
            rows = await desk.tables.look("order.one", cloid=fill.cloid)
            order = orders.from_row(rows[0]) if rows else None
            if order is not None and order.is_over and order.filled < order.quantity:
                await round_.late(order)
        if order is None:
            strange.setdefault((fill.venue, fill.oid), []).append(fill)
    for (account, _), group in strange.items():
        for trade in round_.trades():
            closes = trade.symbol == group[0].symbol and trade.side != group[0].side and trade.held > 0
            if closes and venue.account_of(trade.venue).name == account:
                round_.adopt(trade, group)


def _key(fill: Fill) -> str:
    return f"{fill.symbol}:{unix_ms(fill.at)}:{fill.tid}"
