"""How long and how much: nothing in the store waits for ever."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Sizes and times of one pool."""

    connections: int = 10
    connect_s: float = 10.0
    statement_s: float = 30.0
    grace_s: float = 5.0
    """How much later than the server we give up on a statement ourselves: the wire may be dead."""
    idle_in_transaction_s: float = 60.0
    free_connection_s: float = 10.0
    """How long a caller waits while all connections are busy."""
    patience_s: float = 30.0
    """How long a lost server is called again before the caller hears of it."""

    def as_sql(self, scope: Literal["session", "local"]) -> str:
        """Hands over to the server what it can watch itself, for a connection or for one transaction."""
        return (
            f"set {scope} statement_timeout = {int(self.statement_s * 1000)};"
            f"set {scope} idle_in_transaction_session_timeout = {int(self.idle_in_transaction_s * 1000)}"
        )
