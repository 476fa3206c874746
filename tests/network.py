"""A small network in memory for stories: bars go in minute by minute, strands come out."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from strandloom.blackboard.cause import Cause
from strandloom.blackboard.desk import desks
from strandloom.blackboard.lockstep import Lockstep
from strandloom.blackboard.module import Seat
from strandloom.blackboard.strand import Draft, Strand
from strandloom.kinds.heartbeat import Heartbeat
from strandloom.kinds.market import Bar
from strandloom.market.window import Window

NOON = datetime(2025, 5, 20, 12, tzinfo=UTC)
Candle = tuple[float, float, float, float]
FLAT: Candle = (100.0, 100.2, 99.8, 100.0)
TAGS = {5: "5m", 15: "15m", 30: "30m", 60: "60m"}


def at_minute(n: int) -> datetime:
    """When minute n after noon opened."""
    return NOON + timedelta(minutes=n)


class Network:
    """Modules in lockstep over a window that is filled by hand."""

    def __init__(self, seats: Sequence[Seat], symbols: Iterable[str] = ("BTC",)) -> None:
        self.window = Window(symbols)
        self.board = Lockstep(seats, lambda: NOON, strict=True, forgiving=False)
        self.board.lay(desks(self.board.past, lambda at: self.window.view()))
        self._next = 0
        self._told = 0

    async def minute(
        self,
        bars: Mapping[str, Candle] | None = None,
        *,
        volume: float = 5_000.0,
        blocked: tuple[str, ...] = (),
        catch_up: bool = False,
    ) -> Strand:
        """One more minute, drained; its heartbeat."""
        at, bars = at_minute(self._next), bars or {"BTC": FLAT}
        made = [
            Bar(venue="test", symbol=s, at=at, open=o, high=h, low=low, close=c, volume=volume)
            for s, (o, h, low, c) in bars.items()
        ]
        self.window.append(int(at.timestamp()) // 60, made)
        present = tuple(sorted(bars))
        body = Heartbeat(feed="test", minute=at, present=present, blocked=blocked, catch_up=catch_up)
        closed = self._next + 1
        tags = (
            "market:heartbeat",
            *(f"market:heartbeat:{name}" for m, name in TAGS.items() if closed % m == 0),
        )
        cause = Cause(module="market.heartbeat", at=at + timedelta(minutes=1), key=f"test:{self._next}")
        self._next += 1
        (name,) = self.board.post([Draft(body=body, tags=tags)], cause)
        await self.board.drain()
        beat = await self.board.past.get(name)
        assert beat is not None
        return beat

    async def tell(self, *drafts: Draft, by: str = "people.test") -> tuple[Strand, ...]:
        """Post something by hand now, and drain; ids follow from what came before, so stories repeat."""
        cause = Cause(module=by, at=at_minute(self._next), key=f"told:{self._told}")
        self._told += 1
        names = self.board.post(drafts, cause)
        await self.board.drain()
        told = [await self.board.past.get(name) for name in names]
        return tuple(strand for strand in told if strand is not None)

    async def said(self, kind: str) -> list[Strand]:
        """All strands of a kind, oldest first."""
        return list(reversed(await self.board.past.latest(kind, limit=1_000)))
