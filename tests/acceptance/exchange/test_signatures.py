"""Nobody acts for anybody without a signature that says so, once, in time."""

from typing import Any

import pytest
from hyperliquid.utils import signing
from hyperliquid.utils.constants import MAINNET_API_URL

from tests.acceptance.exchange.trader import GTC, Trader, a_wallet
from tests.acceptance.exchange.world import World

ACTION = {
    "type": "order",
    "orders": [{"a": 0, "b": True, "p": "90000", "s": "0.01", "r": False, "t": {"limit": {"tif": "Gtc"}}}],
    "grouping": "na",
}


def posted(
    trader: Trader, nonce: int, *, action: Any = ACTION, sent: Any = None, vault: str | None = None,
    expires_after: int | None = None, mainnet: bool = False,
) -> Any:  # fmt: skip
    """Sign one action and send another, or the same."""
    signature = signing.sign_l1_action(trader.wallet, action, vault, nonce, expires_after, mainnet)
    body = {
        "action": sent or action,
        "nonce": nonce,
        "signature": signature,
        "vaultAddress": vault,
        "expiresAfter": expires_after,
    }
    return trader.exchange.post("/exchange", body)


def now(world: World) -> int:
    return world.do(world.venue.wall_ms)


def resting(trader: Trader) -> int:
    return len(trader.info.open_orders(trader.address))


def test_a_changed_price_makes_another_signer(world: World, alice: Trader) -> None:
    changed = {**ACTION, "orders": [{**ACTION["orders"][0], "p": "91000"}]}  # type: ignore[dict-item]
    answer = posted(alice, now(world), sent=changed)
    assert answer["response"].startswith("User or API Wallet 0x")
    assert answer["response"].endswith("does not exist.")
    assert resting(alice) == 0


def test_a_signature_for_the_other_network_does_not_count(world: World, alice: Trader) -> None:
    assert posted(alice, now(world), mainnet=True)["response"].endswith("does not exist.")
    alice.exchange.base_url = MAINNET_API_URL  # the SDK signs for where it thinks it is
    action = {"destination": alice.address, "amount": "1", "time": now(world), "type": "usdSend"}
    signature = signing.sign_usd_transfer_action(alice.wallet, action, True)
    alice.exchange.base_url = world.url
    body = {"action": action, "nonce": action["time"], "signature": signature, "vaultAddress": None}
    answer = alice.exchange.post("/exchange", body)
    assert answer["response"].startswith("Must deposit before performing actions. User: 0x")


def test_a_nonce_counts_once(world: World, alice: Trader) -> None:
    nonce = now(world)
    assert posted(alice, nonce)["status"] == "ok"
    assert posted(alice, nonce)["response"] == f"Invalid nonce: duplicate nonce {nonce}"
    assert resting(alice) == 1


def test_a_refused_order_uses_its_nonce_up(world: World, alice: Trader) -> None:
    nonce = now(world)
    hopeless = {**ACTION, "orders": [{**ACTION["orders"][0], "s": "999"}]}  # type: ignore[dict-item]
    statuses = posted(alice, nonce, action=hopeless)["response"]["data"]["statuses"]
    assert "Insufficient margin" in statuses[0]["error"]
    assert posted(alice, nonce)["response"] == f"Invalid nonce: duplicate nonce {nonce}"


def test_an_unknown_signer_uses_nothing_up(world: World, alice: Trader) -> None:
    stranger = Trader(world, 77, master=alice)
    nonce = now(world)
    assert posted(stranger, nonce)["response"].endswith("does not exist.")
    world.admin("deposit", user=stranger.wallet.address, usd="100")
    assert posted(stranger, nonce)["status"] == "ok"


def test_nonces_beyond_the_window_are_refused(world: World, alice: Trader) -> None:
    wall = now(world)
    day = 86_400_000
    assert "nonce too low" in posted(alice, wall - 3 * day)["response"]
    assert "nonce too high" in posted(alice, wall + 2 * day)["response"]


def test_a_nonce_below_the_hundred_highest_is_too_low(world: World, alice: Trader) -> None:
    wall = now(world)
    noop = {"type": "noop"}
    for n in range(1, 102):
        assert posted(alice, wall + n, action=noop)["status"] == "ok"
    assert "nonce too low" in posted(alice, wall, action=noop)["response"]


def test_an_expired_action_is_not_carried_out(world: World, alice: Trader) -> None:
    wall = now(world)
    assert posted(alice, wall, expires_after=wall - 1)["response"] == "Action already expired"
    assert resting(alice) == 0
    assert posted(alice, wall, expires_after=wall + 60_000)["status"] == "ok"
    alice.exchange.set_expires_after(now(world) + 60_000)
    alice.rests("BTC", 0.01, 90_000)


def test_there_are_no_vaults(world: World, alice: Trader) -> None:
    vault = "0x" + "5" * 40
    assert posted(alice, now(world), vault=vault)["response"] == f"Vault not registered: {vault}"


BROKEN = [{"r": "0x0", "s": "0x0", "v": 27}, {"r": "0x" + "f" * 64, "s": "0x1", "v": 28}]


@pytest.mark.parametrize("signature", BROKEN)
def test_what_is_no_signature_recovers_nobody(world: World, alice: Trader, signature: Any) -> None:
    body = {"action": ACTION, "nonce": now(world), "signature": signature, "vaultAddress": None}
    assert alice.exchange.post("/exchange", body)["response"] == "Unable to recover signer."


def test_the_way_a_request_is_spelt_does_not_change_its_signer(world: World, alice: Trader) -> None:
    order = ACTION["orders"][0]  # type: ignore[index]
    spelt = {
        "grouping": "na",
        "orders": [{**dict(reversed(order.items())), "p": "90000.0", "s": "0.0100"}],
        "type": "order",
    }
    assert posted(alice, now(world), sent=spelt)["status"] == "ok"


def test_money_is_sent_by_its_owner_alone(world: World, alice: Trader) -> None:
    bob = Trader(world, 2)
    answer, key = alice.exchange.approve_agent("helper")
    assert answer["status"] == "ok"
    agent = Trader(world, int(key, 16), master=alice)
    refused = agent.exchange.usd_transfer(10.0, bob.address)
    assert (
        refused["response"] == f"Must deposit before performing actions. User: {agent.wallet.address.lower()}"
    )
    assert alice.exchange.usd_transfer(10.0, bob.address)["status"] == "ok"
    assert bob.state()["withdrawable"] == "10010.0"
    assert alice.state()["withdrawable"] == "9990.0"


def test_a_transfer_opens_an_account(world: World, alice: Trader) -> None:
    newcomer = a_wallet(99).address
    assert alice.info.user_role(newcomer) == {"role": "missing"}
    assert alice.exchange.usd_transfer(10.0, newcomer)["status"] == "ok"
    assert alice.info.user_role(newcomer) == {"role": "user"}
    too_much = alice.exchange.usd_transfer(1e9, newcomer)
    assert too_much["status"] == "err"


def test_nobody_trades_before_asking_for_an_account(world: World, alice: Trader) -> None:
    stranger = Trader(world, 78, master=alice)
    answer = stranger.exchange.order("BTC", True, 0.01, 90_000.0, GTC)
    address = stranger.wallet.address.lower()
    assert answer["response"] == f"User or API Wallet {address} does not exist."
