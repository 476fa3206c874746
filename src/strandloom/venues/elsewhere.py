"""A venue on which another process trades: its name and terms are known here, and asking it is a mistake."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import NoReturn

from strandloom.blackboard.desk import Market
from strandloom.kinds.fill import Fill, FundingPaid, OpenOrder
from strandloom.kinds.instrument import Instrument, Instruments
from strandloom.kinds.order import OrderIntent
from strandloom.venues.port import Account, Balance, Mode, Position, Report


class Elsewhere:
    """For whoever plans and judges; the Trader never gets it."""

    def __init__(self, name: str, mode: Mode, terms: Instruments) -> None:
        self.name = name
        self.mode: Mode = mode
        self._terms = terms

    @property
    def accounts(self) -> Sequence[Account]:
        return (self,)

    def account_of(self, name: str) -> Account:
        return self

    def pick(self) -> str:
        return self.name

    def instrument(self, symbol: str) -> Instrument | None:
        return self._terms.instrument(symbol)

    async def follow(self, market: Market) -> None:
        self._mistake()

    async def place(self, intent: OrderIntent, at: datetime, stop: OrderIntent | None = None) -> Report:
        self._mistake()

    async def modify(self, intent: OrderIntent, at: datetime) -> Report | None:
        self._mistake()

    async def cancel(self, symbol: str, cloid: str, at: datetime) -> Report | None:
        self._mistake()

    async def take_back(self, order: OpenOrder, at: datetime) -> bool:
        self._mistake()

    async def order(self, cloid: str) -> Report | None:
        self._mistake()

    async def funding_usd(self, symbol: str, since: datetime, until: datetime) -> Decimal:
        self._mistake()

    async def balance(self) -> Balance:
        self._mistake()

    async def positions(self) -> Sequence[Position]:
        self._mistake()

    async def fills(self, since: datetime) -> Sequence[Fill]:
        self._mistake()

    async def fundings(self, since: datetime) -> Sequence[FundingPaid]:
        self._mistake()

    async def open_orders(self) -> Sequence[OpenOrder]:
        self._mistake()

    async def marks(self) -> Mapping[str, Decimal]:
        self._mistake()

    async def schedule_cancel(self, at: datetime | None) -> bool:
        self._mistake()

    def _mistake(self) -> NoReturn:
        raise LookupError(f"this process does not trade on {self.name}: the leader of the role trader does")
