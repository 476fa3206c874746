"""All that the exchange knows.  Everything else in this room is a function of it."""

from strandloom.exchange.account import Account, Stake
from strandloom.exchange.events import Event
from strandloom.exchange.market import Market
from strandloom.exchange.rules import Rules

INSURANCE = "insurance"
NEVER = 1 << 62


class State:
    """Cash lies with users, isolated stakes, the insurance account, fees, funding and the market itself.

    Their sum is what was deposited, always, to the micro-dollar (`audit.py`).
    """

    __slots__ = (
        "accounts",
        "agents",
        "deposited",
        "due",
        "events",
        "fees_usd",
        "funding_usd",
        "halted",
        "insurance",
        "last_oid",
        "last_seq",
        "market_usd",
        "markets",
        "names",
        "next_hour",
        "nonces",
        "now",
        "rules",
    )

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.now = 0
        self.markets: list[Market] = []
        self.names: dict[str, int] = {}
        self.accounts: dict[str, Account] = {}
        self.insurance = Account(INSURANCE, -1)
        self.deposited = 0
        self.fees_usd = 0
        self.funding_usd = 0
        self.market_usd = 0
        self.last_oid = 0
        self.last_seq = 0
        self.halted = False
        self.next_hour = 0
        self.due = 0  # nothing falls due before this
        self.agents: dict[str, str] = {}  # agent -> master
        self.nonces: dict[str, list[int]] = {}
        self.events: list[Event] = []  # of the command under way

    def stake(self, account: Account, index: int) -> Stake:
        """The account's stake in an asset, made with the default leverage when it is the first."""
        found = account.stakes.get(index)
        if found is None:
            asset = self.markets[index].asset
            leverage = min(self.rules.default_leverage, asset.max_leverage)
            found = Stake(account.user, index, leverage, not asset.only_isolated)
            account.stakes[index] = found
        return found
