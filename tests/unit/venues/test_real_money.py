"""Real money needs an address, a key and a spoken yes; whatever is missing is named in one sentence."""

import pytest

from strandloom.hyperliquid.urls import MAINNET, TESTNET
from strandloom.venues.real_money import refusal

LOCAL = "http://127.0.0.1:4000"


def why(url: str, *, key: bool = True, ack: bool = False, feed: str = "hyperliquid", at: str = MAINNET):
    return refusal(url, has_key=key, ack=ack, feed=feed, feed_url=at)


def test_all_three_together_are_let_through() -> None:
    assert why(MAINNET, ack=True) is None
    assert why(f"{MAINNET}/", ack=True) is None


@pytest.mark.parametrize("key", [True, False])
@pytest.mark.parametrize("ack", [True, False])
def test_any_of_them_missing_refuses_the_main_address_and_says_which(key: bool, ack: bool) -> None:
    said = why(MAINNET, key=key, ack=ack)
    if key and ack:
        assert said is None
    else:
        assert said is not None and "real money" in said
        assert ("HYPERLIQUID_KEY" if not key else "LIVE_TRADING_ACK=true") in said


def test_the_testnet_and_ones_own_exchange_need_a_key_and_no_yes() -> None:
    assert why(TESTNET) is None
    assert why(LOCAL, at=LOCAL) is None
    assert "HYPERLIQUID_KEY" in str(why(TESTNET, key=False))


@pytest.mark.parametrize(
    "url", ["https://hyperliquid.xyz", "https://api.hyperliquid.xyz:443", "https://API.hyperliquid.xyz/x"]
)
def test_an_address_that_only_looks_like_the_venue_is_refused(url: str) -> None:
    assert "is not the venue's" in str(why(url, ack=True))


def test_orders_do_not_travel_where_anybody_can_change_them() -> None:
    assert "https://" in str(why("http://exchange.example", ack=True))


@pytest.mark.parametrize("feed", ["simulated", "replay"])
def test_nothing_trades_by_prices_that_were_made_up(feed: str) -> None:
    assert "FEED=hyperliquid" in str(why(TESTNET, feed=feed))


def test_real_money_trades_by_the_prices_of_its_own_market() -> None:
    assert "prices of another market" in str(why(MAINNET, ack=True, at=TESTNET))
