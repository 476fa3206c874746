"""What orders have traded, counted from fills that may be told twice and in any order."""

from collections import OrderedDict
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypeVar

K = TypeVar("K")
V = TypeVar("V")
_MOST: Final = 10_000  # orders, and fills by which repetitions are known
Key = tuple[int, str, int]  # (ms, symbol, tid): what names a fill for ever


@dataclass(slots=True)
class Filled:
    """What an order has traded so far."""

    quantity: Decimal = Decimal(0)
    paid_usd: Decimal = Decimal(0)
    fee_usd: Decimal = Decimal(0)
    ambiguous: bool = False

    @property
    def average_price(self) -> Decimal | None:
        return self.paid_usd / self.quantity if self.quantity else None


class Tally:
    """Sums per order; an order that was modified has several order ids and one client order id."""

    def __init__(self) -> None:
        self._seen: OrderedDict[Key, None] = OrderedDict()
        self._by_name: OrderedDict[str, Filled] = OrderedDict()
        self._by_oid: OrderedDict[int, Decimal] = OrderedDict()

    def add(
        self,
        key: Key,
        oid: int,
        cloid: str | None,
        *,
        quantity: Decimal,
        price: Decimal,
        fee_usd: Decimal,
        ambiguous: bool = False,
    ) -> bool:
        """Count a fill; False when it was counted before."""
        if key in self._seen:
            return False
        _put(self._seen, key, None)
        name = name_of(oid, cloid)
        filled = self._by_name.get(name) or Filled()
        filled.quantity += quantity
        filled.paid_usd += quantity * price
        filled.fee_usd += fee_usd
        filled.ambiguous = filled.ambiguous or ambiguous
        _put(self._by_name, name, filled)
        _put(self._by_oid, oid, self.of_oid(oid) + quantity)
        return True

    def of(self, oid: int, cloid: str | None) -> Filled:
        """What an order traded, under all its order ids."""
        return self._by_name.get(name_of(oid, cloid)) or Filled()

    def of_cloid(self, cloid: str) -> Filled | None:
        """The same by client order id alone; None when nothing is known."""
        return self._by_name.get(cloid)

    def of_oid(self, oid: int) -> Decimal:
        """What was traded under one order id."""
        return self._by_oid.get(oid, Decimal(0))


def name_of(oid: int, cloid: str | None) -> str:
    """Orders of other programs may have no client order id."""
    return cloid if cloid is not None else str(oid)


def _put(kept: OrderedDict[K, V], key: K, value: V) -> None:
    kept[key] = value
    kept.move_to_end(key)
    if len(kept) > _MOST:
        kept.popitem(last=False)
