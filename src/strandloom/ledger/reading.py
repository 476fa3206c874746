"""What is asked of the books' tables: balances, where they begin, and what a stretch of time holds."""

from datetime import datetime

from strandloom.blackboard.desk import Looks
from strandloom.ledger.books import Books
from strandloom.ledger.compare import Name


async def books(looks: Looks, venue: str) -> Books:
    """The balances of one venue."""
    return Books.of(await looks.look("ledger.balances", venue=venue))


async def begun(looks: Looks, venue: str) -> tuple[datetime | None, datetime | None]:
    """When the first thing was booked, and when the books were opened."""
    rows = await looks.look("ledger.books", venue=venue)
    times = (rows[0]["begun_at"], rows[0]["opened_at"]) if rows else (None, None)
    first, opened = (datetime.fromisoformat(at) if at else None for at in times)
    return first, opened


async def known(looks: Looks, venue: str, since: datetime, until: datetime) -> set[Name]:
    """The names of what was booked in that stretch, page by page."""
    names: set[Name] = set()
    while True:
        rows = await looks.look("ledger.since", venue=venue, since=since.isoformat(), until=until.isoformat())
        page = {(r["what"], r["symbol"], datetime.fromisoformat(r["at"]), int(r["tid"])) for r in rows}
        if page <= names:
            return names
        names |= page
        since = max(name[2] for name in page)
