"""Yarn: what a member brings into a braid, its outcomes as columns; a braid hands on its members'."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from strandloom.kinds.performance import PerformanceAnalysis
from strandloom.kinds.prediction import Outcome

CARRIED = 2_000  # outcomes; of more, the newest
COLUMNS = ("opened_s", "net_bps", "gross_bps", "p", "base", "scale")


@dataclass(frozen=True, slots=True, kw_only=True)
class Yarn:
    """Rows in order of opening, from one outcome or from many."""

    strand: UUID
    n: int  # outcomes behind it, also those that are not carried any more
    block_s: int  # twice the longest horizon
    opened_s: Sequence[int]
    net_bps: Sequence[float]
    gross_bps: Sequence[float]
    p: Sequence[float]
    base: Sequence[float]
    scale: Sequence[str]  # timeframe
    about: Mapping[str, int]

    def content(self) -> dict[str, Any]:
        """As JSON carries it."""
        columns = {name: list(getattr(self, name)) for name in COLUMNS}
        return {"n": self.n, "block_s": self.block_s, "about": dict(self.about), **columns}

    @staticmethod
    def of_content(strand: UUID, content: Mapping[str, Any]) -> "Yarn":
        """Back from JSON."""
        return Yarn(strand=strand, **content)


def of_outcome(strand: UUID, body: Outcome, signature: str | None) -> Yarn:
    """One closed prediction."""
    words = (
        f"pattern {body.pattern}:{body.direction}",
        f"symbol {body.symbol}",
        f"timeframe {body.timeframe}",
        f"regime {body.regime}",
        f"session {body.session}",
        f"closed by {body.closed_by}",
        *(f"beside {name}" for name in (signature or "").split(" + ") if name),
    )
    return Yarn(
        strand=strand,
        n=1,
        block_s=2 * max(body.horizon_s, 1),
        opened_s=(_seconds(body.opened_at),),
        net_bps=(body.r_bps,),
        gross_bps=(body.gross_bps,),
        p=(body.p,),
        base=(body.reference_rate,),
        scale=(body.timeframe,),
        about=Counter(words),
    )


def of_execution(strand: UUID, at: datetime, body: PerformanceAnalysis) -> Yarn | None:
    """One closed order: its result is what it saved against a taker order at arrival."""
    if body.about != "order" or body.saved_bps is None:
        return None
    words = (
        f"style {body.style}",
        f"volatility {body.volatility}",
        f"venue {body.venue}",
        f"symbol {body.symbol}",
    )
    return Yarn(
        strand=strand,
        n=1,
        block_s=2 * 3_600,
        opened_s=(_seconds(at),),
        net_bps=(body.saved_bps,),
        gross_bps=(body.saved_bps,),
        p=(0.5 if body.p is None else body.p,),
        base=(0.5,),
        scale=(body.timeframe or "1m",),
        about=Counter(words),
    )


def spun(strand: UUID, yarns: Iterable[Yarn]) -> Yarn:
    """The yarn of a braid: that of its members, in order of opening."""
    parts = list(yarns)
    rows = sorted(
        (row for part in parts for row in zip(*(getattr(part, name) for name in COLUMNS), strict=True)),
    )[-CARRIED:]
    columns = dict(zip(COLUMNS, zip(*rows, strict=True), strict=True))
    return Yarn(
        strand=strand,
        n=sum(part.n for part in parts),
        block_s=max(part.block_s for part in parts),
        about=_counted(part.about for part in parts),
        **columns,
    )


def _counted(every: Iterable[Mapping[str, int]]) -> Counter[str]:
    words: Counter[str] = Counter()
    for each in every:
        words.update(each)
    return words


def _seconds(at: datetime) -> int:
    return int(at.timestamp())
