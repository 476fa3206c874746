"""Replay protection: each signer's hundred highest nonces, in a window around wall time."""

from bisect import bisect_left, insort

from strandloom.exchange import words
from strandloom.exchange.commands import UseNonce
from strandloom.exchange.replies import DONE, Err, Reply
from strandloom.exchange.state import State

_KEPT = 100
_DAY_MS = 86_400_000


def use(state: State, command: UseNonce) -> Reply:
    """A nonce counts once, must lie in the window, and above the smallest of a full hundred."""
    nonce, wall = command.nonce, command.at
    seen = state.nonces.setdefault(command.signer, [])
    at = bisect_left(seen, nonce)
    if at < len(seen) and seen[at] == nonce:
        return Err(words.NONCE_SEEN.format(nonce=nonce))
    floor = max(wall - 2 * _DAY_MS, seen[0] if len(seen) >= _KEPT else 0)
    if nonce < floor:
        return Err(words.NONCE_LOW.format(nonce=nonce, floor=floor))
    if nonce > wall + _DAY_MS:
        return Err(words.NONCE_HIGH.format(nonce=nonce, ceiling=wall + _DAY_MS))
    insort(seen, nonce)
    if len(seen) > _KEPT:
        del seen[0]
    return DONE
