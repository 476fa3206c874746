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
    for account in accounts:
        rows = [row for row in read if row["venue"] == account.name]
        new += await _book(account, round_, rows[0] if rows else None, recovered=recovered)
    return new if len(accounts) == 1 else sorted(new, key=lambda fill: fill.at)


async def _book(account: Account, round_: Round, read: Row | None, *, recovered: bool) -> list[Fill]:
    since = datetime.fromisoformat(read["at"]) - OVERLAP if read else round_.at
    found = await account.fills(since)
    keys, known = [_key(fill) for fill in found], read["keys"] if read else ()
    new = [fill for key, fill in zip(keys, found, strict=True) if key not in known]
    if new or not read:
        round_.writes += [journal.of_fill(fill) for fill in new]
        edge = max([fill.at for fill in found], default=since)
        recent = [key for key, fill in zip(keys, found, strict=True) if fill.at >= edge - OVERLAP]
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
