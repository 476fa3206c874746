"""Hashes and signatures equal the SDK's, byte for byte, and every signature leads back to its signer."""

from decimal import Decimal
from typing import Any

import pytest
from eth_account import Account
from hyperliquid.utils import signing as sdk
from hypothesis import given
from hypothesis import strategies as st

from strandloom.basics.errors import BadInput
from strandloom.hyperliquid import actions
from strandloom.hyperliquid.errors import BadSignature
from strandloom.hyperliquid.signing import Wallet, recover, signed_l1, signed_message
from strandloom.hyperliquid.typed_data import action_hash, l1_digest, message_digest

SECRET = "0x0123456789012345678901234567890123456789012345678901234567890123"  # noqa: S105 - a test key
VAULT = "0x1719884eb866cb12b2287399b15f7db5e7d775ea"
CLOID = "0x00000000000000000000000000000001"
ASK = actions.order(
    1, is_buy=False, price=Decimal("1670.1"), size=Decimal("0.0147"), kind=actions.limit("Ioc")
)
STOP = actions.order(
    1,
    is_buy=True,
    price=Decimal(100),
    size=Decimal(100),
    kind=actions.trigger("sl", Decimal(103), market=True),
    reduce_only=True,
    cloid=CLOID,
)
L1_ACTIONS = {
    "order": actions.place([ASK]),
    "trigger": actions.place([ASK, STOP], "normalTpsl"),
    "cancel": actions.cancel([(1, 77738308)]),
    "cancel_by_cloid": actions.cancel_by_cloid([(1, CLOID)]),
    "modify": actions.modify([(5, ASK), (CLOID, STOP)]),
    "modify_as_taker": actions.modify([(5, ASK)], taker_allowed=True),
    "schedule_cancel": actions.schedule_cancel(123456789),
    "unschedule_cancel": actions.schedule_cancel(None),
    "leverage": actions.update_leverage(3, 20, cross=False),
    "isolated_margin": actions.update_isolated_margin(3, Decimal("-1.5")),
    "noop": actions.noop(),
}


@pytest.mark.parametrize("expires_after", [None, 1_700_000_000_000])
@pytest.mark.parametrize("vault", [None, VAULT])
@pytest.mark.parametrize("mainnet", [True, False])
@pytest.mark.parametrize("name", L1_ACTIONS)
def test_l1_signatures_equal_the_sdks(
    name: str, mainnet: bool, vault: str | None, expires_after: int | None
) -> None:
    action = L1_ACTIONS[name]
    ours = signed_l1(
        Wallet(SECRET), action, 1583838, mainnet=mainnet, vault=vault, expires_after=expires_after
    )
    theirs = sdk.sign_l1_action(Account.from_key(SECRET), action, vault, 1583838, expires_after, mainnet)
    assert ours["signature"] == theirs
    hashed = action_hash(action, 1583838, vault, expires_after)
    assert hashed == sdk.action_hash(action, vault, 1583838, expires_after)
    assert recover(l1_digest(hashed, mainnet=mainnet), ours["signature"]) == Wallet(SECRET).address


USER_ACTIONS = {
    "usdSend": (actions.usd_send(VAULT, Decimal(1), 1687816341423), sdk.sign_usd_transfer_action),
    "approveAgent": (actions.approve_agent(VAULT, "bot", 1687816341423), sdk.sign_agent),
    "approveAgent unnamed": (actions.approve_agent(VAULT, "", 1687816341423), sdk.sign_agent),
}


@pytest.mark.parametrize("mainnet", [True, False])
@pytest.mark.parametrize("name", USER_ACTIONS)
def test_user_signatures_equal_the_sdks(name: str, mainnet: bool) -> None:
    action, sign = USER_ACTIONS[name]
    ours = signed_message(Wallet(SECRET), action, mainnet=mainnet)
    theirs = sign(Account.from_key(SECRET), {"agentName": "", **action}, mainnet)
    assert ours["signature"] == theirs
    digest = message_digest(action["type"], ours["action"], 0x66EEE)
    assert recover(digest, ours["signature"]) == Wallet(SECRET).address


# Fixed values, so that neither library can change both sides at once.
GOLDEN = {
    "order": "0c6309daf4e1fb8139afbebcf7f3503c4a470129a7e9191e770e830dd1051544",
    "cancel": "95560ffcdb7af009c2d2270e87f80a78a0b6a96bba8e5ad25f8a075e81529a85",
    "modify": "67d9c5ca349caa6cae86102982bca923a48ac4b99aa8494199a74dccf476b499",
    "leverage": "0b31d0042b824f593dec5e3450fdcba9a88d9da0cc3a6aa5ac761d5614e50c05",
}


@pytest.mark.parametrize("name", GOLDEN)
def test_hashes_are_what_they_always_were(name: str) -> None:
    assert action_hash(L1_ACTIONS[name], 1583838, None, None).hex() == GOLDEN[name]


@given(st.binary(min_size=32, max_size=32), st.integers(1, 2**255))
def test_every_signature_leads_back_to_its_signer(digest: bytes, secret: int) -> None:
    wallet = Wallet(f"{secret:064x}")
    assert recover(digest, wallet.sign(digest)) == wallet.address
    assert wallet.address == Account.from_key(secret.to_bytes(32, "big")).address.lower()


NO_SIGNATURES: list[dict[str, Any]] = [
    {},
    {"r": "0x0", "s": "0x0", "v": 27},
    {"r": "0x1", "s": "0x1", "v": 99},
    {"r": "zz", "s": "0x1", "v": 27},
    {"r": "0x" + "f" * 64, "s": "0x1", "v": 27},
    {"r": "0x" + "f" * 70, "s": "0x1", "v": 27},
    {"r": "-0x1", "s": "0x1", "v": 27},
    {"r": 1, "s": 2, "v": "27"},
]


@pytest.mark.parametrize("signature", NO_SIGNATURES)
def test_what_is_no_signature_says_so(signature: dict[str, Any]) -> None:
    with pytest.raises(BadSignature):
        recover(bytes(32), signature)


def test_a_wallet_never_shows_its_key() -> None:
    assert SECRET[2:] not in repr(Wallet(SECRET))
    with pytest.raises(BadInput) as refusal:
        Wallet("0xsecret")
    assert "secret" not in str(refusal.value)
