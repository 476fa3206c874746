"""A team driven minute by minute on the lockstep board, over any bars, through either kind of market."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from strandloom.blackboard.desk import Market, desks
from strandloom.blackboard.lockstep import Lockstep
from strandloom.blackboard.module import Module, Seat
from strandloom.blackboard.strand import Strand
from strandloom.kinds.heartbeat import Heartbeat
from strandloom.learning.book import Book
from strandloom.learning.horizons import Horizons
from strandloom.market import beat
from strandloom.market.history import History
from strandloom.market.panel import Panel
from strandloom.market.replay import beats
from strandloom.market.window import Window
from strandloom.scoring.costs import VENUE
from strandloom.teams.raw_data import team

EARLY = datetime(2000, 1, 1, tzinfo=UTC)
WALL = datetime(2026, 1, 1, tzinfo=UTC)
Changed = Callable[[int, Heartbeat], Heartbeat]


def a_team() -> tuple[Module, ...]:
    return team.modules(Book(Horizons(team.horizons())), VENUE)


class Replayed:
    """A network on the memory board; `go` drives it over the minutes of a panel."""

    def __init__(self, modules: Sequence[Module], market: Callable[[datetime], Market]) -> None:
        self.net = Lockstep([Seat(module=module) for module in modules], lambda: WALL, forgiving=False)
        self.net.lay(desks(self.net.past, market))

    def go(
        self,
        panel: Panel,
        *,
        before: Callable[[int], Any] = lambda minute: None,
        change: Changed | None = None,
    ) -> None:
        asyncio.run(self._go(panel, before, change or (lambda minute, body: body)))

    async def _go(self, panel: Panel, before: Callable[[int], Any], change: Changed) -> None:
        for each in beats(panel):
            before(each.minute)
            body = change(each.minute, each.body)
            self.net.post([beat.draft(each.minute, body)], beat.cause("test", each.minute))
            await self.net.drain()

    @property
    def strands(self) -> list[Strand]:
        """All that was said, heartbeats left out, in the order of the board."""
        return [s for s in self.net.slate.archive.since(EARLY) if s.kind != "heartbeat"]


def replayed(
    panel: Panel, start: int = 0, modules: Sequence[Module] | None = None, **kwargs: Any
) -> list[Strand]:
    """What the team says of a panel from its minute `start` on, the minutes before being its past."""
    run = Replayed(modules or a_team(), History(panel).at)
    run.go(panel.between(panel.start + start, panel.stop), **kwargs)
    return run.strands


def live(panel: Panel, start: int) -> list[Strand]:
    """The same through the live window, bar by bar."""
    window = Window()
    window.warm(panel.between(panel.start, panel.start + start))
    run = Replayed(a_team(), window.at)
    run.go(
        panel.between(panel.start + start, panel.stop),
        before=lambda minute: window.append(minute, panel.column(minute)),
    )
    return run.strands


def said(strands: Iterable[Strand]) -> list[tuple[Any, ...]]:
    """What can be compared: everything but the order of the board and the wall's clock."""
    rows = [
        (s.id, s.at, s.kind, s.module, s.body, s.tags, s.parents, s.lifecycle, s.symbol, s.regime, s.scores)
        for s in strands
    ]
    return sorted(rows, key=lambda row: row[0])
