"""How much a session that holds an old snapshot slows the board's claims, with 60 000 dead deliveries."""

from strandloom.bench.board import fresh_database
from strandloom.bench.board.claiming import old_snapshot


async def run() -> dict[str, float]:
    """Both rates, and what is left of the first."""
    async with fresh_database() as database:
        quiet, disturbed = await old_snapshot(database)
    return {
        "claim_settle_100_per_s": quiet,
        "claim_settle_100_old_snapshot_per_s": disturbed,
        "old_snapshot_ratio": disturbed / quiet,
    }
