"""The same minutes through PostgreSQL and the live window, and through the backtest: the same strands."""

from collections.abc import Sequence
from dataclasses import replace

from strandloom import roster
from strandloom.backtest.parity import MAY_BE_LEFT_OUT, Difference, compare, in_order, shown
from strandloom.backtest.recorded import compared, recorded
from strandloom.backtest.replay import replay
from strandloom.backtest.terms import Terms
from strandloom.backtest.timetable import Slots
from strandloom.basics.clock import SystemClock
from strandloom.blackboard.board import Past, Place, Search
from strandloom.blackboard.desk import desks
from strandloom.blackboard.lockstep_board import BoardLockstep
from strandloom.blackboard.postgres import postgres_board
from strandloom.blackboard.strand import Strand
from strandloom.exchange.engine import Engine
from strandloom.exchange.rules import Rules
from strandloom.jobs import posting
from strandloom.market import beat
from strandloom.market import minute as minutes
from strandloom.market.panel import Panel, panel
from strandloom.market.replay import beats
from strandloom.market.sample import load
from strandloom.market.store import BarStore
from strandloom.market.window import Window
from strandloom.market.writes import store
from strandloom.store.database import Database
from strandloom.venues.paper import PaperVenue

START = minutes.parse("2025-05-11T23:30")
MINUTES = 75  # a midnight and two full hours among them


async def through_postgres(database: Database, market: Panel, terms: Terms) -> Sequence[Strand]:
    """The service's wiring, driven in lockstep."""
    window = Window(market.symbols)
    window.warm(market.between(market.start, terms.start))
    board = postgres_board(database, SystemClock())
    venue = PaperVenue(Engine(Rules()), terms.cash_usd)
    seats = roster.seats(roster.book(), venue, terms.limits, terms.costs)
    network = BoardLockstep(seats, board, desks(board, window.at), holder="parity")
    await network.start()
    slots = Slots(minutes.opens(terms.start))
    for each in beats(market.between(terms.start, terms.stop)):
        window.append(each.minute, market.column(each.minute))
        drafts = [beat.draft(each.minute, each.body), *map(beat.note_draft, each.notes)]
        bars = store(replace(each, first=tuple(market.column(each.minute))))
        await network.post(drafts, beat.cause(market.venue, each.minute), [bars])
        await network.drain()
        for slot in slots.until(minutes.closes(each.minute)):
            await network.post([posting.draft(slot)], posting.cause(slot), [posting.run(slot, "parity")])
            await network.drain()
    assert not await board.dead()
    return await everything(board)


async def the_recorded_minutes_against_their_replay(
    database: Database, market: Panel, terms: Terms
) -> tuple[int, Difference | None]:
    """What `strandloom parity` does, with the history that the service would have had."""
    bars = BarStore(database)
    for symbol in market.symbols:
        await bars.add(market.between(market.start, terms.start).bars(symbol), now=minutes.opens(terms.stop))
    day = await recorded(database, terms.start, terms.stop)
    found = await compared(database, day, terms.costs, terms.limits, lambda done: None)
    return found.same, found.first


def stored_only(strands: Sequence[Strand]) -> list[Strand]:
    return [strand for strand in strands if strand.kind not in MAY_BE_LEFT_OUT]


async def everything(past: Past) -> Sequence[Strand]:
    found: list[Strand] = []
    after: Place | None = None
    while True:
        page = await past.find(Search(), after=after, limit=1_000)
        found += page.strands
        if page.next is None:
            return found
        after = page.next


async def test_postgres_and_the_backtest_tell_the_same_story(database: Database) -> None:
    market = panel(load()).between(START - 9_000, START + MINUTES)
    terms = Terms(start=START, stop=START + MINUTES)
    in_memory = [*(await replay(roster.seats, market, terms)).strands]
    stored = await through_postgres(database, market, terms)
    found = compare(stored, in_memory)
    assert found.first is None, (found, shown(found.first.one), shown(found.first.other))
    assert in_order(stored) == in_order(in_memory)
    assert await the_recorded_minutes_against_their_replay(database, market, terms) == (
        len(stored_only(stored)),
        None,
    )
    assert {"pattern", "outcome", "trading_plan", "decision", "order_intent", "order_status"} <= {
        strand.kind for strand in in_memory
    }
