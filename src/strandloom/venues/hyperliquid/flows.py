"""Money that came into the account or left it other than by trading: deposits less withdrawals."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

_IN: Final = frozenset({"deposit", "receive", "rewardsClaim", "vaultWithdraw", "vaultDistribution"})
_OUT: Final = frozenset({"withdraw", "vaultCreate", "vaultDeposit"})
_SENT: Final = frozenset({"internalTransfer", "subAccountTransfer", "send"})


def flow_usd(delta: Mapping[str, Any], account: str) -> Decimal:
    """The signed dollars of one entry of the ledger; 0 for what is no flow, like a liquidation's note."""
    kind = delta["type"]
    usd = Decimal(delta.get("usdc", delta.get("amount", "0")))
    if kind in _OUT:
        return -abs(usd) - Decimal(delta.get("fee", "0"))
    if kind in _IN:
        return abs(usd)
    if kind == "accountClassTransfer":
        return usd if delta["toPerp"] else -usd
    if kind in _SENT:
        to = str(delta.get("destination", "")).lower()
        return abs(usd) if to == account or (not to and usd > 0) else -abs(usd)
    return Decimal(0)


class Flows:
    """Their sum so far.  The newest moment is asked for again each time, as more may have happened in it."""

    def __init__(self, account: str) -> None:
        self._account = account
        self._before_usd = Decimal(0)
        self._newest_usd = Decimal(0)
        self.newest_ms = 0

    @property
    def total_usd(self) -> Decimal:
        return self._before_usd + self._newest_usd

    def take(self, entries: Sequence[Mapping[str, Any]]) -> None:
        """All entries from the newest moment on, itself included."""
        if not entries:
            return
        newest = max(entry["time"] for entry in entries)
        flows = [(entry["time"], flow_usd(entry["delta"], self._account)) for entry in entries]
        self._before_usd += sum((usd for at, usd in flows if at < newest), Decimal(0))
        self._newest_usd = sum((usd for at, usd in flows if at == newest), Decimal(0))
        self.newest_ms = newest
