"""Which PostgreSQL an owned server is: its major version, its programs, how it makes a cluster."""

from dataclasses import dataclass
from pathlib import Path

from strandloom.store import programs
from strandloom.store.account import Account


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """One build of PostgreSQL."""

    major: str
    making: tuple[str, ...]
    """What initdb is told: how to sort, above all."""
    programs: Path | None = None
    """The folder of its programs; without one they are the wheel's."""

    def usable_by(self, account: Account | None, home: Path) -> Path:
        """The folder of programs that `account` can run."""
        return self.programs or programs.usable(account, home)


EMBEDDED = Distribution(
    major="18",
    # Built in, so that a newer system library never changes the order of an index.
    making=("--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"),
)
