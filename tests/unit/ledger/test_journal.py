"""Whatever is booked sums to zero, and the books come to what the fills say."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strandloom.ledger import journal
from strandloom.ledger.entry import Entry, Transaction
from tests.fills import a_fill, a_funding
from tests.network import NOON

D = Decimal
prices = st.decimals("0.00001", "200000", places=5)
quantities = st.decimals("0.00001", "100000", places=5)
dollars = st.decimals("-100000", "100000", places=6)


@given(prices, quantities, dollars, dollars, st.sampled_from(["buy", "sell"]))
def test_a_fill_always_balances(price: D, quantity: D, fee: D, pnl: D, side: str) -> None:
    fill = a_fill(price=price, quantity=quantity, fee_usd=fee, closed_pnl_usd=pnl, side=side)
    entries = journal.fill_transaction(fill).entries
    assert sum(entry.usd for entry in entries) == 0
    cash = next(entry.usd for entry in entries if entry.account == "cash")
    cost = sum(entry.usd for entry in entries if entry.account.startswith("position"))
    assert cash + cost == pnl - fee  # what the venue calls cash: settled


def test_entries_that_move_nothing_are_left_out() -> None:
    accounts = [entry.account for entry in journal.fill_transaction(a_fill(fee_usd=D(0))).entries]
    assert accounts == ["cash", "position:BTC"]


def test_funding_that_is_paid_lowers_cash_and_income() -> None:
    entries = {entry.account: entry.usd for entry in journal.funding_transaction(a_funding()).entries}
    assert entries == {"cash": D("-0.12"), "funding:BTC": D("0.12")}


def test_one_sided_books_are_refused() -> None:
    with pytest.raises(ValueError, match="do not sum to zero"):
        Transaction(
            venue="paper",
            what="flow",
            symbol="",
            at=NOON,
            tid=1,
            entries=(Entry(account="cash", usd=D(1)),),
            details={},
        )
