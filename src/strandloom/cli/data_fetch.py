"""Behind `strandloom data fetch`: page by page, resumed where it stopped, honest about what cannot be had."""

from collections import Counter

from strandloom import wiring
from strandloom.basics.errors import BadInput
from strandloom.cli import given, show
from strandloom.cli.data_store import names
from strandloom.cli.progress import Progress
from strandloom.market import minute as minutes
from strandloom.market.fetching import fetch
from strandloom.market.source import source
from strandloom.market.store import BarStore

_WEEK_MINUTES = 7 * 1_440


async def run(
    feed: str | None, symbols: str | None, start: str | None, stop: str | None, *, as_json: bool
) -> None:
    """Store what is missing of the span, as far as the feed has it."""
    settings = given.settings()
    chosen = feed or settings.feed
    if chosen == "replay":
        raise BadInput("a replay has nothing to fetch; say --feed hyperliquid or --feed simulated")
    wanted = names(symbols) or list(settings.symbols)
    async with wiring.store(settings) as database, source(settings, chosen, None) as market:
        now = market.first
        end = min(minutes.parse(stop), now) if stop else now
        begin = minutes.parse(start) if start else end - _WEEK_MINUTES
        if end <= begin:
            raise BadInput("--to must be later than --from, and --from in the past")
        first = max(begin, market.earliest)
        told, stored = Counter[str](), Counter[str]()
        with Progress("fetching", len(wanted) * max(0, end - first), quiet=as_json) as progress:
            async for page in fetch(market.feed, BarStore(database), wanted, first, end, now):
                told[page.symbol] += page.told
                stored[page.symbol] += page.stored
                progress.advance(page.stop - page.start)
    rows = [{"symbol": name, "told": told[name], "stored": stored[name]} for name in wanted]
    show.table(rows, as_json=as_json)
    if first > begin:
        lost = f"{minutes.opens(begin):%Y-%m-%d %H:%M} to {minutes.opens(min(first, end)):%Y-%m-%d %H:%M}"
        show.aside(
            f"{lost} cannot be had: {market.feed.venue} keeps only the latest {market.reach:,} minutes"
        )
