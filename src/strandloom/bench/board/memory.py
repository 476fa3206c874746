"""The memory board, which carries the backtest: post, claim and settle on one core, four readers a strand."""

import time
from datetime import UTC, datetime
from statistics import median

from strandloom.bench.board import load
from strandloom.blackboard.delivery import Settlement, Subscription
from strandloom.blackboard.memory import Memory
from strandloom.blackboard.strand import NOTHING

_STRANDS = 20_000
_BATCH = 100
_READERS = tuple(f"raw_data.reader_{number}" for number in range(4))
_ROUNDS = 5


def deliveries_per_s() -> float:
    """Deliveries posted, claimed and settled in a second of one core; median of a few rounds."""
    return median(_round() for _ in range(_ROUNDS))


def _round() -> float:
    board = Memory(lambda: datetime.now(UTC))
    board.subscribe([Subscription(consumer=reader, patterns=("market:*",)) for reader in _READERS])
    batches = load.batches(_STRANDS, _BATCH)
    start = time.process_time()
    for key, batch in enumerate(batches):
        board.post(batch, load.cause(key))
        for reader in _READERS:
            claimed = board.claim(reader, _BATCH, "bench")
            board.complete([Settlement(delivery=delivery, said=NOTHING) for delivery in claimed])
    return _STRANDS * len(_READERS) / (time.process_time() - start)
