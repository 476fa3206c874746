"""Which minutes of which symbols are missing: a symbol with a hole is blocked until it is healed."""

from collections.abc import Iterable, Mapping

from strandloom.market.minute import DAY_MINUTES


class Holes:
    """Missing minutes per symbol.  One older than a day no longer blocks: nobody looks there."""

    def __init__(
        self, missing: Mapping[str, Iterable[int]] | None = None, keep_minutes: int = DAY_MINUTES
    ) -> None:
        self._missing = {symbol: set(there) for symbol, there in (missing or {}).items() if there}
        self._keep = keep_minutes

    def opened(self, symbol: str, minute: int) -> bool:
        """Note a missing minute; True when the symbol had no hole before."""
        fresh = symbol not in self._missing
        self._missing.setdefault(symbol, set()).add(minute)
        return fresh

    def has(self, symbol: str, minute: int) -> bool:
        """Is that minute known to be missing?"""
        return minute in self._missing.get(symbol, ())

    def filled(self, symbol: str, minute: int) -> bool:
        """A missing minute has come; True when it was the symbol's last."""
        left = self._missing.get(symbol)
        if left is None:
            return False
        left.discard(minute)
        return self._closed(symbol)

    def forget(self, symbol: str) -> None:
        """The symbol is no longer listed."""
        self._missing.pop(symbol, None)

    def age(self, minute: int) -> list[str]:
        """Drop what is older than we look; the symbols whose hole closed by that."""
        for left in self._missing.values():
            left.difference_update([old for old in left if old <= minute - self._keep])
        return sorted(symbol for symbol in list(self._missing) if self._closed(symbol))

    def __bool__(self) -> bool:
        return bool(self._missing)

    def blocked(self) -> tuple[str, ...]:
        """The symbols with a hole."""
        return tuple(sorted(self._missing))

    def _closed(self, symbol: str) -> bool:
        if self._missing[symbol]:
            return False
        del self._missing[symbol]
        return True
