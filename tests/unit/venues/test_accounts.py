"""Which accounts the settings name, and which mixtures are refused."""

from typing import Any

import pytest
from pydantic import SecretStr

from strandloom.basics.errors import CannotStart
from strandloom.hyperliquid.urls import MAINNET, TESTNET
from strandloom.settings import Settings
from strandloom.venues.hyperliquid.accounts import accesses

KEY = "0x" + "1" * 64
OTHER = "0x" + "2" * 64


def settings(**given: Any) -> Settings:
    usual: dict[str, Any] = {"venue": "hyperliquid", "feed": "hyperliquid", "hyperliquid_key": SecretStr(KEY)}
    if "fallbacks" in given:
        given["hyperliquid_fallbacks"] = SecretStr(given.pop("fallbacks"))
    return Settings(**{**usual, **given})


def test_one_account_at_the_testnet_is_what_a_key_alone_means() -> None:
    (access,) = accesses(settings())
    assert (access.url, access.mode, access.called) == (TESTNET, "testnet", "hyperliquid_testnet")


def test_a_key_is_never_shown() -> None:
    assert KEY not in repr(accesses(settings()))


def test_fallbacks_have_names_addresses_keys_and_perhaps_accounts() -> None:
    told = f"second={TESTNET},{OTHER}; third={TESTNET},{KEY},0xabc"
    _, second, third = accesses(settings(fallbacks=told))
    assert (second.called, second.key, second.account) == ("second", OTHER, None)
    assert (third.called, third.account) == ("third", "0xabc")


@pytest.mark.parametrize("told", ["second", f"={TESTNET},{OTHER}", f"second={TESTNET}", "second=,,"])
def test_a_fallback_that_cannot_be_read_is_named_by_its_form_and_not_by_its_key(told: str) -> None:
    with pytest.raises(CannotStart, match="name=url,key") as refused:
        accesses(settings(fallbacks=told))
    assert OTHER not in str(refused.value)


def test_real_and_play_money_never_stand_in_for_each_other() -> None:
    told = f"second={TESTNET},{OTHER}"
    with pytest.raises(CannotStart, match="one kind"):
        accesses(settings(hyperliquid_trading_url=MAINNET, live_trading_ack=True, fallbacks=told))


def test_a_fallback_of_real_money_needs_the_same_yes() -> None:
    with pytest.raises(CannotStart, match="LIVE_TRADING_ACK"):
        accesses(settings(fallbacks=f"second={MAINNET},{OTHER}"))


def test_two_accounts_of_one_name_are_refused() -> None:
    told = f"second={TESTNET},{OTHER}; second={TESTNET},{KEY}"
    with pytest.raises(CannotStart, match="twice"):
        accesses(settings(fallbacks=told))
