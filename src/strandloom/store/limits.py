"""How long and how much: nothing in the store waits for ever."""

from dataclasses import dataclass


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

    def server_settings(self) -> dict[str, str]:
        """The limits that the server itself watches over."""
        return {
            "statement_timeout": f"{int(self.statement_s * 1000)}ms",
            "idle_in_transaction_session_timeout": f"{int(self.idle_in_transaction_s * 1000)}ms",
        }

    def set_local(self) -> str:
        """The same for one transaction, where a pooler stands in between."""
        return "; ".join(f"set local {name} = '{value}'" for name, value in self.server_settings().items())
