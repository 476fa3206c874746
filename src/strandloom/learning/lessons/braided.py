"""What braids suggest: a pattern on a timeframe whose outcomes stand out, as a row like those of keys."""

from collections.abc import Iterator, Sequence
from typing import Any

from scipy.special import stdtrit

from strandloom.blackboard.strand import Strand
from strandloom.kinds.braid import Braid
from strandloom.learning.keys import PatternKey

LOOKED_AT = 300  # newest braids
SHARE_BELOW = 0.05  # of their 90 % interval


def suggested(strands: Sequence[Strand], fewest_blocks: int) -> Iterator[dict[str, Any]]:
    """One row per cluster, from its newest braid with enough blocks."""
    seen: set[str] = set()
    for strand in strands:
        body = strand.body
        if isinstance(body, Braid) and body.cluster_type == "pattern" and body.cluster not in seen:
            seen.add(body.cluster)
            if body.n_blocks >= fewest_blocks and body.net_low is not None and body.net_high is not None:
                yield _row(strand, body, body.net_high - body.net_low)


def _row(strand: Strand, body: Braid, width: float) -> dict[str, Any]:
    reach = -2.0 * float(stdtrit(body.n_blocks - 1, SHARE_BELOW))
    return {
        "key": str(_key(body.cluster)),
        "n": body.n,
        "n_blocks": body.n_blocks,
        "net_bps": body.mean_net_bps,
        "se_bps": width / reach,
        "because": strand.id,
    }


def _key(cluster: str) -> PatternKey:
    """`pattern:volume.spike:up@5m` as a key."""
    _, pattern, rest = cluster.split(":", 2)
    direction, _, timeframe = rest.partition("@")
    return PatternKey(pattern=pattern, direction=direction, timeframe=timeframe)
