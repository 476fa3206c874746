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
        if parts.password is None:
            return self.url.split("?")[0] if "password" in parts.query else self.url
        place = parts.netloc.rpartition("@")[2]
        query = "" if "password" in parts.query else parts.query
        return urlunsplit(parts._replace(netloc=f"{parts.username}:***@{place}", query=query))

    @property
    def says_transaction_pooler(self) -> bool:
        """Whether the address itself names a pooler that gives a connection per transaction (Supabase's)."""
        return self._parts.port == _SUPABASE_TRANSACTION_PORT

    @property
    def _parts(self) -> SplitResult:
        return urlsplit(self.url)


_FORM = "write postgresql://user:password@host:5432/database, or leave it empty for the built-in database"
