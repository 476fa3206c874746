"""The requests of an account against its allowance."""

from collections.abc import Mapping
from typing import Any

from strandloom.exchange.server.gate import No
from strandloom.exchange.server.spell import number
from strandloom.exchange.server.venue import Venue
from strandloom.hyperliquid import weights


def check(venue: Venue, user: str, action: Mapping[str, Any]) -> None:
    """Refuse an account that has used up what its trading allows."""
    cancel = action["type"] in ("cancel", "cancelByCloid")
    reason = venue.allowances.refuses(user, _volume(venue, user), venue.at_s(), cancel=cancel)
    if reason is not None:
        raise No(reason)


def count(venue: Venue, user: str, action: Mapping[str, Any]) -> None:
    """Count an action that was carried out; a batch of n counts as n."""
    venue.allowances.spend(user, weights.batch_length(action), venue.at_s())


def limit(venue: Venue, user: str) -> dict[str, Any]:
    """`userRateLimit`."""
    used = venue.allowances.used.get(user, 0)
    return {
        "cumVlm": number(venue.exchange.fees(user).volume),
        "nRequestsUsed": used,
        "nRequestsCap": venue.allowances.cap(_volume(venue, user)),
        "nRequestsSurplus": 0,
    }


def _volume(venue: Venue, user: str) -> int:
    return int(venue.exchange.fees(user).volume)
