"""Which accounts do not answer now, and what lies with them."""

from collections.abc import Iterable, Sequence

from strandloom.teams.trader.order import Order
from strandloom.teams.trader.trade import Trade
from strandloom.venues.port import Account, Balance, Venue


def answering(venue: Venue, balance: Balance) -> Sequence[Account]:
    """Those whose balance is of now."""
    if not balance.silent:
        return venue.accounts
    return [account for account in venue.accounts if account.name not in balance.silent]


def is_silent(venue: Venue, name: str, balance: Balance) -> bool:
    """Does the account that an order or a trade with that name lies with not answer?"""
    return bool(balance.silent) and venue.account_of(name).name in balance.silent


def symbols(venue: Venue, balance: Balance, known: Iterable[Order | Trade]) -> set[str]:
    """Where something of ours may happen without our knowing."""
    return {one.symbol for one in known if is_silent(venue, one.venue, balance)}
