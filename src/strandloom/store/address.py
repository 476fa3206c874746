"""A database address: checked before use, shown without its password."""

from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit, urlunsplit

from strandloom.basics.errors import CannotStart

_SUPABASE_TRANSACTION_PORT = 6543


@dataclass(frozen=True, slots=True)
class Address:
    """What DATABASE_URL says."""

    url: str

    @classmethod
    def parse(cls, url: str) -> "Address":
        """Check the form; connecting checks the rest."""
        try:
            parts = urlsplit(url)
            _ = parts.port
        except ValueError as error:
            raise CannotStart(f"DATABASE_URL is not an address ({error}); {_FORM}") from None
        if parts.scheme not in ("postgresql", "postgres"):
            raise CannotStart(f"DATABASE_URL must begin with postgresql://; {_FORM}")
        return cls(url)

    @property
    def masked(self) -> str:
        """The address without secrets, for people and logs."""
        parts = self._parts
        options = [option for option in parts.query.split("&") if "password" not in option]
        place = parts.netloc.rpartition("@")[2]
        netloc = parts.netloc if parts.password is None else f"{parts.username}:***@{place}"
        return urlunsplit(parts._replace(netloc=netloc, query="&".join(options)))

    @property
    def says_transaction_pooler(self) -> bool:
        """Whether the address itself names a pooler that gives a connection per transaction (Supabase's)."""
        return self._parts.port == _SUPABASE_TRANSACTION_PORT

    @property
    def _parts(self) -> SplitResult:
        return urlsplit(self.url)


_FORM = "write postgresql://user:password@host:5432/database, or leave it empty for the built-in database"
