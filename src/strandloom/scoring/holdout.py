"""The tenth of all chains that is judged without lessons, drawn at the root by a hash that nobody steers."""

from hashlib import blake2b

SHARE = 0.10


def held_out(symbol: str, market_minute: int, pattern: str) -> bool:
    """Is the chain that begins with this pattern on this symbol at this minute held out?"""
    digest = blake2b(f"{symbol}\0{market_minute}\0{pattern}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") < SHARE * 2**64
