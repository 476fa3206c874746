"""Every "no" of the venue, and what it means for whoever asked.

The venue has no error codes, only sentences; they are matched by how they begin, in small letters, after
what some of them carry in front.  Numbers, addresses and ` asset=7` follow, so nothing is matched by its end.
What is not listed counts as a refusal of the order: nothing was done, and the words are passed on.
"""

from typing import Final, Literal

Meaning = Literal[
    "order",  # this order cannot be placed as it is
    "gone",  # what was to be cancelled or changed is not there any more
    "closed",  # the venue takes no such orders at the moment
    "clock",  # our clock and the venue's differ, or the request was too slow: it did nothing
    "doubt",  # its nonce was used before, perhaps by this very request
    "budget",  # the account has asked too often
    "key",  # the venue does not know this key, or not for this account
    "account",  # something that this account may not do
]

_TABLE: Final[tuple[tuple[str, Meaning], ...]] = (
    ("price must be divisible by tick size", "order"),
    ("order must have minimum value of", "order"),
    ("order has invalid size", "order"),
    ("order has invalid price", "order"),
    ("order has zero size", "order"),
    ("order price cannot be more than", "order"),
    ("order price too far from oracle", "order"),
    ("order would cause position to exceed margin tier", "order"),
    ("order would increase open interest", "order"),
    ("order rejected due to price more aggressive than oracle", "order"),
    ("order has insufficient spot balance", "order"),
    ("(spot-only) order has insufficient spot balance", "order"),
    ("insufficient margin to place order", "order"),
    ("reduce only order would increase position", "order"),
    ("post only order would have immediately matched", "order"),
    ("order could not immediately match", "order"),
    ("no liquidity available for market order", "order"),
    ("invalid tp/sl price", "order"),
    ("main order cannot be trigger order", "order"),
    ("unexpected number of trigger orders", "order"),
    ("orders are empty", "order"),
    ("builder fee has not been approved", "order"),
    ("error placing new order during modify", "order"),
    ("signed action over weight limit", "order"),
    ("order was never placed, already canceled, or filled", "gone"),
    ("cannot modify canceled or filled order", "gone"),
    ("trading is halted", "closed"),
    ("only post-only orders allowed immediately after network upgrade", "closed"),
    ("action already expired", "clock"),
    ("invalid nonce: nonce too low", "clock"),
    ("invalid nonce: nonce too high", "clock"),
    ("invalid nonce: duplicate nonce", "doubt"),
    ("too many cumulative requests sent", "budget"),
    ("user or api wallet", "key"),
    ("unable to recover signer", "key"),
    ("must deposit before performing actions", "key"),
    ("user has pending agent removal", "key"),
    ("vault not registered", "key"),
    ("cannot set scheduled cancel time", "account"),
    ("cannot switch leverage type with open position", "account"),
    ("position does not use isolated margin", "account"),
    ("too many extra agents", "account"),
    ("action disabled when unified account is active", "account"),
)
_IN_FRONT: Final = ("l1 error: ",)


def meaning(reason: str) -> Meaning:
    """What a refusal means."""
    words = reason.strip().lower()
    for prefix in _IN_FRONT:
        words = words.removeprefix(prefix)
    return next((meaning for start, meaning in _TABLE if words.startswith(start)), "order")
