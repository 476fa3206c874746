"""The accounts that the settings name: the first one, and those that may stand in for it."""

from collections.abc import Sequence

from strandloom.basics.errors import CannotStart
from strandloom.settings import Settings
from strandloom.venues.hyperliquid.opening import Access
from strandloom.venues.real_money import refusal

_FORM = "HYPERLIQUID_FALLBACKS must be name=url,key[,account] entries with ; between them"


def accesses(settings: Settings) -> Sequence[Access]:
    """All of one kind of money; CannotStart where one of them must not be traded."""
    key = settings.hyperliquid_key.get_secret_value() if settings.hyperliquid_key else ""
    first = Access(url=settings.hyperliquid_trading_url, key=key, account=settings.hyperliquid_account)
    found = [first, *_fallbacks(settings)]
    for access in found:
        _check(access, settings)
    if len({access.mode for access in found}) > 1:
        raise CannotStart("HYPERLIQUID_FALLBACKS mixes real money and play money: name accounts of one kind")
    if len({access.called for access in found}) < len(found):
        raise CannotStart("HYPERLIQUID_FALLBACKS uses a name twice: give each account a name of its own")
    return found


def _check(access: Access, settings: Settings) -> None:
    why = refusal(
        access.url,
        has_key=bool(access.key),
        ack=settings.live_trading_ack,
        feed=settings.feed,
        feed_url=settings.hyperliquid_url,
    )
    if why is not None:
        raise CannotStart(why)


def _fallbacks(settings: Settings) -> list[Access]:
    if settings.hyperliquid_fallbacks is None:
        return []
    entries = settings.hyperliquid_fallbacks.get_secret_value().split(";")
    return [_fallback(entry.strip()) for entry in entries if entry.strip()]


def _fallback(entry: str) -> Access:
    name, _, rest = entry.partition("=")
    parts = [part.strip() for part in rest.split(",")]
    if not name.strip() or len(parts) not in (2, 3) or not all(parts):
        raise CannotStart(_FORM)
    url, key, *account = parts
    return Access(url=url, key=key, account=account[0] if account else None, name=name.strip())
