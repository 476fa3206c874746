"""Deposits less withdrawals, whatever the ledger calls them."""

from decimal import Decimal
from typing import Any

import pytest

from strandloom.venues.hyperliquid.flows import Flows, flow_usd

ME = "0x" + "1" * 40
OTHER = "0x" + "2" * 40


@pytest.mark.parametrize(
    ("delta", "usd"),
    [
        ({"type": "deposit", "usdc": "100.5"}, "100.5"),
        ({"type": "withdraw", "usdc": "40.0", "fee": "1.0"}, "-41"),
        ({"type": "internalTransfer", "usdc": "5.0", "destination": ME, "user": OTHER}, "5"),
        ({"type": "internalTransfer", "usdc": "5.0", "destination": OTHER, "user": ME}, "-5"),
        ({"type": "accountClassTransfer", "usdc": "7.0", "toPerp": True}, "7"),
        ({"type": "accountClassTransfer", "usdc": "7.0", "toPerp": False}, "-7"),
        ({"type": "send", "usdc": "-3.0", "destination": OTHER}, "-3"),
        ({"type": "receive", "usdc": "3.0", "user": OTHER}, "3"),
        ({"type": "liquidation", "usdc": "-50.0"}, "0"),
    ],
)
def test_a_flow_has_the_sign_of_the_account(delta: dict[str, Any], usd: str) -> None:
    assert flow_usd(delta, ME) == Decimal(usd)


def entry(at: int, usd: str) -> dict[str, Any]:
    return {"time": at, "hash": "0x0", "delta": {"type": "deposit", "usdc": usd}}


def test_the_newest_moment_is_asked_for_again_and_counted_once() -> None:
    flows = Flows(ME)
    flows.take([entry(1, "10"), entry(2, "20")])
    flows.take([entry(2, "20")])
    assert flows.total_usd == 30
    flows.take([entry(2, "20"), entry(2, "5"), entry(3, "1")])
    assert flows.total_usd == 36
    flows.take([])
    assert (flows.total_usd, flows.newest_ms) == (36, 3)
