"""Where the venue lives, and which network an address signs for."""

from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

MAINNET: Final = "https://api.hyperliquid.xyz"
TESTNET: Final = "https://api.hyperliquid-testnet.xyz"


def is_mainnet(base_url: str) -> bool:
    """Real money?  Only the venue's main address signs for it; testnet and loopback sign as testnet."""
    return base_url.rstrip("/") == MAINNET


def socket_url(base_url: str) -> str:
    """`https://host` as `wss://host/ws`."""
    return "ws" + base_url.rstrip("/").removeprefix("http") + "/ws"


def is_loopback(base_url: str) -> bool:
    """Does this address stay on this machine?"""
    host = urlsplit(base_url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
