"""Checks that must hold whatever happened: each room registers its own, `strandloom audit` runs them all.

Most checks are a named query whose rows are the violations, with the columns `subject` and `problem`.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from strandloom.store.database import Database

SHOWN = 20  # violations per check; one is enough to look into it


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it must be."""

    subject: str
    problem: str


@dataclass(frozen=True, slots=True)
class Check:
    """Something that must hold, as a sentence, and how to look for violations."""

    name: str
    sentence: str
    run: Callable[[Database], Awaitable[Sequence[Finding]]]


_checks: dict[str, Check] = {}


def check(name: str, sentence: str) -> Callable[[Callable[[Database], Awaitable[Sequence[Finding]]]], None]:
    """Register a check written in Python: `@check("ledger.balances", "debits equal credits")`."""

    def register(run: Callable[[Database], Awaitable[Sequence[Finding]]]) -> None:
        if name in _checks:
            raise ValueError(f"the check {name!r} is registered twice")
        _checks[name] = Check(name, sentence, run)

    return register


def by_query(name: str, sentence: str) -> None:
    """Register the named query `audit.<name>`; it takes the number of rows that are wanted."""

    async def run(database: Database) -> Sequence[Finding]:
        rows = await database.fetch(f"audit.{name}", SHOWN)
        return [Finding(str(row["subject"]), str(row["problem"])) for row in rows]

    check(name, sentence)(run)


def all_checks() -> tuple[Check, ...]:
    """Every registered check, by name."""
    return tuple(_checks[name] for name in sorted(_checks))


by_query("board_parents", "every parent of a strand exists, or its tombstone does")
by_query("board_roots", "a strand without parents is a root, at hop 0")
by_query("board_hops", "a strand is one hop further than the delivered one that caused it")
by_query("board_deliveries", "every open delivery and every dead letter has its strand")
by_query("board_once", "no strand is there twice, and no consumer has a delivery and a dead letter of one")
