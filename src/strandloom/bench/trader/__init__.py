"""How fast the Trader acts: from a decision to signed bytes on the socket, and waits per batch of quotes."""

from strandloom.basics.garbage import seldom_collected
from strandloom.bench.board import fresh_database
from strandloom.bench.board.latency import percentile
from strandloom.bench.trader.conditions import conditions_1000_ms
from strandloom.bench.trader.wire import decisions_to_wire_ms


async def run() -> dict[str, float]:
    """Everything, with the embedded database and the built-in exchange in a process of its own."""
    with seldom_collected():
        async with fresh_database() as database:
            took_ms = await decisions_to_wire_ms(database)
        return {
            "decision_to_wire_p50_ms": round(percentile(took_ms, 50), 3),
            "decision_to_wire_p99_ms": round(percentile(took_ms, 99), 3),
            "conditions_1000_ms": round(conditions_1000_ms(), 3),
        }
