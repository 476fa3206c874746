"""Real money only on purpose: an address, a key and a spoken yes, all three, or it is refused.  Pure."""

from urllib.parse import urlsplit

from strandloom.hyperliquid.urls import MAINNET, TESTNET, is_loopback, is_mainnet

_HOME = "hyperliquid.xyz"


def refusal(url: str, *, has_key: bool, ack: bool, feed: str, feed_url: str) -> str | None:
    """Why trading there must not begin, in one sentence; None when it may."""
    host = urlsplit(url).hostname or ""
    if not is_loopback(url) and not url.startswith("https://"):
        return (
            f"HYPERLIQUID_TRADING_URL={url} must begin with https://, or others could read and change orders"
        )
    if is_mainnet(url):
        if not has_key:
            return "trading real money needs HYPERLIQUID_KEY, the key of an agent wallet of your account"
        if not ack:
            return (
                f"HYPERLIQUID_TRADING_URL={url} is real money: set LIVE_TRADING_ACK=true if you mean it, "
                f"or HYPERLIQUID_TRADING_URL={TESTNET} if you do not"
            )
    elif host == _HOME or host.endswith(f".{_HOME}"):
        return f"HYPERLIQUID_TRADING_URL={url} is not the venue's: set {MAINNET}, or {TESTNET} for play money"
    if not has_key:
        return "VENUE=hyperliquid needs HYPERLIQUID_KEY, the key of an agent wallet of your account"
    return _blind(url, feed, feed_url)


def _blind(url: str, feed: str, feed_url: str) -> str | None:
    """Orders at one market by the prices of another."""
    if feed != "hyperliquid" and not is_loopback(url):  # an exchange of our own may live by any feed
        return f"VENUE=hyperliquid cannot trade by the prices of FEED={feed}: set FEED=hyperliquid"
    if is_mainnet(url) and not is_mainnet(feed_url):
        return f"HYPERLIQUID_URL={feed_url} tells prices of another market: set it to {url}, where orders go"
    return None
