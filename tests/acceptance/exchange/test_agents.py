"""API wallets: approved, used, replaced, revoked, and gone when their time is over."""

from tests.acceptance.exchange.trader import GTC, Trader
from tests.acceptance.exchange.world import World

ZERO = "0x" + "0" * 40


def an_agent(world: World, master: Trader, name: str | None = None) -> Trader:
    answer, key = master.exchange.approve_agent(name)
    assert answer["status"] == "ok", answer
    return Trader(world, int(key, 16), master=master)


def test_an_agent_trades_for_its_master(world: World, alice: Trader) -> None:
    agent = an_agent(world, alice)
    oid = agent.rests("BTC", 0.01, 90_000)
    assert [order["oid"] for order in alice.info.open_orders(alice.address)] == [oid]
    assert alice.info.user_role(agent.wallet.address) == {
        "role": "agent",
        "data": {"user": alice.address.lower()},
    }


def test_asking_for_an_agents_own_state_finds_an_empty_account(world: World, alice: Trader) -> None:
    agent = an_agent(world, alice)
    state = agent.info.user_state(agent.wallet.address)
    assert state["marginSummary"]["accountValue"] == "0.0"
    assert alice.info.user_role(agent.wallet.address)["role"] == "agent"


def test_named_agents_are_listed_and_the_unnamed_one_is_not(world: World, alice: Trader) -> None:
    an_agent(world, alice)
    bot = an_agent(world, alice, "bot")
    (listed,) = alice.info.extra_agents(alice.address)
    assert (listed["name"], listed["address"]) == ("bot", bot.wallet.address.lower())


def test_a_new_agent_of_a_name_replaces_the_old_one(world: World, alice: Trader) -> None:
    old = an_agent(world, alice, "bot")
    new = an_agent(world, alice, "bot")
    new.rests("BTC", 0.01, 90_000)
    refused = old.exchange.order("BTC", True, 0.01, 90_000.0, GTC)
    assert refused["response"].endswith("does not exist.")


def test_a_fourth_name_is_one_too_many(world: World, alice: Trader) -> None:
    for name in ("one", "two", "three"):
        an_agent(world, alice, name)
    answer, _ = alice.exchange.approve_agent("four")
    assert answer["response"].startswith("Too many extra agents for cumulative volume traded.")
    an_agent(world, alice)  # the unnamed one does not count


def test_an_agents_time_is_given_on_the_clients_clock(world: World, alice: Trader) -> None:
    wall = world.do(world.venue.wall_ms)
    agent = an_agent(world, alice, f"brief valid_until {wall + 90_000}")
    agent.rests("BTC", 0.01, 90_000)
    (listed,) = alice.info.extra_agents(alice.address)
    assert abs(listed["validUntil"] - wall - 90_000) < 5_000
    world.minutes(2)
    refused = agent.exchange.order("BTC", True, 0.01, 90_000.0, GTC)
    assert refused["response"].endswith("does not exist.")


def test_orders_of_a_revoked_agent_live_on(world: World, alice: Trader) -> None:
    agent = an_agent(world, alice, "bot")
    oid = agent.rests("BTC", 0.01, 90_000)
    revoke(alice, "bot")
    assert agent.exchange.cancel("BTC", oid)["response"].endswith("does not exist.")
    assert alice.exchange.cancel("BTC", oid)["status"] == "ok"


def revoke(master: Trader, name: str) -> None:
    """The SDK has no call for it: approve the zero address under the same name."""
    from hyperliquid.utils.signing import get_timestamp_ms, sign_agent

    nonce = get_timestamp_ms()
    action = {"type": "approveAgent", "agentAddress": ZERO, "agentName": name, "nonce": nonce}
    signature = sign_agent(master.wallet, action, False)
    body = {"action": action, "nonce": nonce, "signature": signature, "vaultAddress": None}
    assert master.exchange.post("/exchange", body)["status"] == "ok"
