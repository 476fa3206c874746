"""A person with a wallet and the unmodified SDK."""

from typing import Any

from eth_account import Account
from eth_account.signers.local import LocalAccount
from hyperliquid.exchange import Exchange
from hyperliquid.info import Info

from tests.acceptance.exchange.world import World

GTC: Any = {"limit": {"tif": "Gtc"}}
IOC: Any = {"limit": {"tif": "Ioc"}}
ALO: Any = {"limit": {"tif": "Alo"}}


def a_wallet(number: int) -> LocalAccount:
    """The same wallet for the same number."""
    wallet: LocalAccount = Account.from_key(number.to_bytes(32, "big"))
    return wallet


def stop(price: float, *, market: bool = True, tpsl: str = "sl") -> Any:
    """The order type of a stop or a take-profit."""
    return {"trigger": {"isMarket": market, "triggerPx": price, "tpsl": tpsl}}


class Trader:
    """Opens an account by asking for its state, as the SDK's own examples do."""

    def __init__(self, world: World, number: int, *, master: "Trader | None" = None) -> None:
        self.world = world
        self.wallet = a_wallet(number)
        self.address: str = master.address if master else self.wallet.address
        self.info = Info(world.url, skip_ws=True, timeout=60)
        self.exchange = Exchange(self.wallet, world.url, account_address=self.address, timeout=60)
        if master is None:
            self.state()

    def state(self) -> Any:
        return self.info.user_state(self.address)

    def order(self, coin: str, size: float, price: float, kind: Any = GTC, **more: Any) -> Any:
        """One order (a negative size sells); the status that the venue gave it."""
        answer = self.exchange.order(coin, size > 0, abs(size), price, kind, **more)
        assert answer["status"] == "ok", answer
        return answer["response"]["data"]["statuses"][0]

    def rests(self, coin: str, size: float, price: float, kind: Any = GTC, **more: Any) -> int:
        """An order that must rest; its oid."""
        status = self.order(coin, size, price, kind, **more)
        assert "resting" in status, status
        return int(status["resting"]["oid"])

    def fills(self, coin: str, size: float, **more: Any) -> Any:
        """A market order that must fill."""
        answer = self.exchange.market_open(coin, size > 0, abs(size), **more)
        status = answer["response"]["data"]["statuses"][0]
        assert "filled" in status, status
        return status["filled"]

    def refused(self, coin: str, size: float, price: float, kind: Any = GTC, **more: Any) -> str:
        """An order that must be refused; the venue's words."""
        return str(self.order(coin, size, price, kind, **more)["error"])

    def position(self, coin: str) -> Any:
        """The open position in a coin, or None."""
        held = [p["position"] for p in self.state()["assetPositions"]]
        return next((p for p in held if p["coin"] == coin), None)

    def status(self, oid: int) -> str:
        """What became of an order."""
        found = self.info.query_order_by_oid(self.address, oid)
        return str(found["order"]["status"] if found["status"] == "order" else found["status"])
