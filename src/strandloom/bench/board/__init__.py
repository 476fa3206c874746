"""How fast the blackboard is: posting against raw COPY, claiming and settling, latency, growth, in memory."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from strandloom.basics.garbage import seldom_collected
from strandloom.bench.board.claiming import claim_settle_per_s, growth
from strandloom.bench.board.latency import latencies_ms, percentile
from strandloom.bench.board.memory import deliveries_per_s
from strandloom.bench.board.posting import against_copy
from strandloom.store import migrations
from strandloom.store.database import Database


async def run() -> dict[str, float]:
    """Everything, on a fresh embedded server with its ordinary settings, in a process like the service's."""
    with seldom_collected():
        return await _measured()


async def _measured() -> dict[str, float]:
    async with fresh_database() as database:
        raw, ratio = await against_copy(database)
        claimed = await claim_settle_per_s(database)
        waits = await latencies_ms(database)
        grown = await growth(database)
    return {
        "raw_copy_rows_per_s": raw,
        "publish_batch_vs_copy": ratio,
        "claim_settle_100_per_s": claimed,
        "publish_to_handled_p50_ms": percentile(waits, 50),
        "publish_to_handled_p99_ms": percentile(waits, 99),
        "memory_deliveries_per_s": deliveries_per_s(),
        "growth_10k_to_1m": grown,
    }


@asynccontextmanager
async def fresh_database() -> AsyncIterator[Database]:
    """An embedded server of the measurement's own, migrated and empty."""
    with tempfile.TemporaryDirectory(prefix="strandloom-bench-") as folder:
        database = await Database.open(data_dir=_enterable(Path(folder)))
        try:
            await migrations.migrate(database)
            yield database
        finally:
            await database.close()


def _enterable(folder: Path) -> Path:
    """The server's account must get in; its own folder below stays private."""
    folder.chmod(0o755)
    return folder
