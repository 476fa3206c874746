"""Fills and fundings with defaults, for tests of the books."""

from decimal import Decimal
from typing import Any

from strandloom.kinds.fill import Fill, FundingPaid
from tests.network import NOON

D = Decimal


def a_fill(**changes: Any) -> Fill:
    base: dict[str, Any] = {
        "venue": "paper",
        "symbol": "BTC",
        "tid": 1,
        "oid": 7,
        "cloid": "0x01",
        "side": "buy",
        "price": D(100),
        "quantity": D(10),
        "fee_usd": D("0.45"),
        "closed_pnl_usd": D(0),
        "at": NOON,
        "maker": False,
    }
    return Fill(**(base | changes))


def a_funding(**changes: Any) -> FundingPaid:
    base = {"venue": "paper", "symbol": "BTC", "usd": D("-0.12"), "rate": D("0.0000125"), "at": NOON}
    return FundingPaid(**(base | changes))
