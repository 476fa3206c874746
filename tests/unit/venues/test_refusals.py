"""Each "no" of the venue is understood by how it begins."""

import pytest

from strandloom.exchange import words
from strandloom.venues.hyperliquid.refusals import meaning

SAID = [
    ("Price must be divisible by tick size. asset=3", "order"),
    ("Order must have minimum value of $10. asset=0", "order"),
    ("Order must have minimum value of 10 USDH. asset=0", "order"),
    ("Insufficient margin to place order. asset=7", "order"),
    ("Post only order would have immediately matched, bbo was 1@2. asset=1", "order"),
    ("Order was never placed, already canceled, or filled. asset=0", "gone"),
    ("Cannot modify canceled or filled order", "gone"),
    ("Trading is halted.", "closed"),
    ("Only post-only orders allowed immediately after network upgrade", "closed"),
    ("Action already expired", "clock"),
    ("Invalid nonce: nonce too low 1 < 2", "clock"),
    ("Invalid nonce: nonce too high 2 > 1", "clock"),
    ("Invalid nonce: duplicate nonce 7", "doubt"),
    ("L1 error: User or API Wallet 0x57 does not exist.", "key"),
    ("User or API Wallet 0x57 does not exist.", "key"),
    ("Must deposit before performing actions. User: 0x57", "key"),
    ("Too many cumulative requests sent (10001 > 10000) for cumulative volume traded $5.", "budget"),
    (
        "Cannot set scheduled cancel time until enough volume traded. Required: $1000000. Traded: $1.",
        "account",
    ),
    ("Something that nobody has heard of", "order"),
]


@pytest.mark.parametrize(("reason", "wanted"), SAID)
def test_a_refusal_means_what_its_beginning_says(reason: str, wanted: str) -> None:
    assert meaning(reason) == wanted


def test_whatever_the_built_in_exchange_says_of_nonces_and_expiry_is_no_refusal_of_the_order() -> None:
    said = (words.NONCE_SEEN, words.NONCE_LOW, words.NONCE_HIGH, words.EXPIRED)
    assert [meaning(text) for text in said] == ["doubt", "clock", "clock", "clock"]
