"""Which clusters a strand belongs to: each is fed once by it."""

from strandloom.kinds.braid import ClusterType
from strandloom.kinds.performance import PerformanceAnalysis
from strandloom.kinds.prediction import Outcome

CYCLES = 5  # minutes that a group of patterns in several cycles spans
_MODELS = ("model.", "llm.")


def of_outcome(body: Outcome, signatures: list[str]) -> tuple[str, ...]:
    """The six types.  `signatures` are the patterns that stood together, minute by minute, newest last."""
    method = "model" if body.pattern.startswith(_MODELS) else "code"
    return (
        f"pattern:{body.pattern}:{body.direction}@{body.timeframe}",
        f"symbol:{body.symbol}",
        f"timeframe:{body.timeframe}",
        f"outcome:{'won' if body.won else 'lost'}",
        *_groups(signatures),
        f"method:{method}",
    )


def of_execution(body: PerformanceAnalysis) -> tuple[str, ...]:
    """Order type × volatility × spread × venue."""
    return (f"execution:{body.style}|{body.volatility}|{body.spread or 'unknown'}|{body.venue}",)


def type_of(cluster: str) -> ClusterType:
    """The part before the first colon."""
    name, _, _ = cluster.partition(":")
    return name  # type: ignore[return-value]  # clusters are spelled by this file alone


def _groups(signatures: list[str]) -> tuple[str, ...]:
    """Who fired together in the cycle itself, and over the last cycles where that is more."""
    if not signatures:
        return ()
    now = {name for name in signatures[-1].split(" + ") if name}
    lately = {name for signature in signatures for name in signature.split(" + ") if name}
    one = (f"signature:1:{' + '.join(sorted(now))}",) if len(now) > 1 else ()
    several = (f"signature:{CYCLES}:{' + '.join(sorted(lately))}",) if len(lately) > len(now) else ()
    return one + several
