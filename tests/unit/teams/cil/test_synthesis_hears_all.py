"""What the synthesis looks up at the quarter is what a reader of `cil:*` has heard of it by then."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from strandloom import roster
from strandloom.backtest.replay import replay
from strandloom.backtest.result import Result
from strandloom.backtest.terms import Terms
from strandloom.basics.ids import from_unix_ms
from strandloom.blackboard.desk import Desk
from strandloom.blackboard.module import Seat
from strandloom.blackboard.strand import NOTHING, Said, Strand
from strandloom.learning.book import Book
from strandloom.learning.synthesis.quarters import QUARTER_S
from strandloom.learning.synthesis.streams import events
from strandloom.market import minute as minutes
from strandloom.market.panel import panel
from strandloom.market.sample import load
from strandloom.risk.watch import LimitsInForce
from strandloom.scoring.costs import CostModel
from strandloom.venues.port import Venue

FIRST = minutes.parse("2025-05-11T22:00")
HOURS = 6
MINUTE, QUARTER = timedelta(minutes=1), timedelta(seconds=QUARTER_S)


class Listener:
    """Subscribes to all that is tagged for this layer, and does nothing but listen."""

    name = "cil.listener"
    reads = ("cil:*",)

    def __init__(self) -> None:
        self.heard: list[Strand] = []

    async def handle(self, strand: Strand, desk: Desk) -> Said:
        self.heard.append(strand)
        return NOTHING


@pytest.fixture(scope="module")
def replayed() -> tuple[Result, Listener]:
    listener = Listener()

    def seats(book: Book, venue: Venue, limits: LimitsInForce, costs: CostModel) -> Sequence[Seat]:
        return (*roster.seats(book, venue, limits, costs), Seat(module=listener, order="free"))

    terms = Terms(start=FIRST, stop=FIRST + HOURS * 60)
    return asyncio.run(replay(seats, panel(load()), terms)), listener


def test_every_quarter_holds_what_a_subscriber_would_have_heard(replayed: tuple[Result, Listener]) -> None:
    result, listener = replayed
    kept = {number: row["began"] for number, row in result.board.slate.tables["synthesis_quarters"].rows()}
    wanted = {
        number: _began(listener.heard, from_unix_ms((number + 1) * QUARTER_S * 1_000)) for number in kept
    }
    assert len(kept) == HOURS * 4
    assert {name.partition(".")[0] for began in kept.values() for name in began} >= {
        "volume",
        "decision_maker",
        "learning",
        "trader",
    }
    assert kept == wanted


def _began(heard: Sequence[Strand], closes: datetime) -> dict[str, list[str]]:
    """What began in the quarter up to the minute before its end."""
    said = {
        event
        for strand in heard
        if closes - QUARTER - MINUTE < strand.at <= closes - MINUTE
        for event in events(strand)
    }
    began: dict[str, list[str]] = {}
    for stream, symbol in sorted(said):
        began.setdefault(stream, []).append(symbol)
    return began
