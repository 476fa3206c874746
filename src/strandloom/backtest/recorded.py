"""A day as the service recorded it, and the same day replayed from the stored bars."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from strandloom import roster as whole
from strandloom.backtest.parity import Compared, compare
from strandloom.backtest.replay import Told, replay
from strandloom.backtest.terms import Terms
from strandloom.backtest.walk_forward import learn
from strandloom.basics.errors import BadInput
from strandloom.blackboard import rows
from strandloom.blackboard.strand import Strand
from strandloom.kinds.heartbeat import Heartbeat
from strandloom.kinds.position import Held, PositionTracking
from strandloom.kinds.prediction import Outcome
from strandloom.market import minute as minutes
from strandloom.market.panel import panel
from strandloom.market.past import past
from strandloom.market.store import BarStore
from strandloom.risk.watch import LimitsInForce
from strandloom.scoring.costs import CostModel
from strandloom.store.database import Database

_LOOK_BACK = timedelta(days=1)  # an account is told at least once an hour
_EVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What stands on the board of one stretch of market time, and which minutes of which feed those were."""

    strands: Sequence[Strand]
    feed: str
    symbols: tuple[str, ...]
    start: int
    stop: int
    cash_usd: Decimal
    held: tuple[Held, ...] = ()  # when it began; a replay begins without


async def recorded(database: Database, since: int, until: int) -> Recorded:
    """Everything that was said of the minutes from `since` up to, not including, `until`."""
    strands = await _said(database, minutes.opens(since), minutes.opens(until))
    beats = [strand.body for strand in strands if isinstance(strand.body, Heartbeat)]
    if not beats:
        raise BadInput(f"no heartbeat of {minutes.opens(since):%Y-%m-%d} is on the board; name another --day")
    given = [minutes.of(body.minute) for body in beats]
    before = await _account_before(database, minutes.opens(since))
    told = before or next((s.body for s in strands if isinstance(s.body, PositionTracking)), None)
    return Recorded(
        strands=strands,
        feed=beats[0].feed,
        symbols=tuple(sorted({symbol for body in beats for symbol in body.present})),
        start=min(given),
        stop=max(given) + 1,
        cash_usd=told.equity_usd if told else Decimal(100_000),
        held=before.held if before else (),
    )


async def _account_before(database: Database, since: datetime) -> PositionTracking | None:
    """The account as it was told last before the day."""
    told = await _said(database, since - _LOOK_BACK, since, ["position_tracking"])
    return next((s.body for s in reversed(told) if isinstance(s.body, PositionTracking)), None)


async def compared(
    database: Database, day: Recorded, costs: CostModel, limits: LimitsInForce, told: Told
) -> Compared:
    """The recorded day against its replay, which begins flat, with the evidence that was complete before."""
    bars = await past(day.feed, day.symbols, BarStore(database), day.start)
    terms = Terms(start=day.start, stop=day.stop, cash_usd=day.cash_usd, costs=costs, limits=limits)
    book = whole.book()
    known = await _said(database, _EVER, minutes.opens(day.start), ["outcome"])
    bodies = (strand.body for strand in known)
    learn(book, [b for b in bodies if isinstance(b, Outcome) and b.family == "pattern" and not b.late])
    result = await replay(whole.seats, panel(bars, stop=day.stop), terms, book=book, told=told)
    return compare(day.strands, result.strands)


async def _said(
    database: Database, since: datetime, until: datetime, kinds: Sequence[str] | None = None
) -> list[Strand]:
    found = await database.fetch("backtest.said", since, until, kinds)
    return [rows.load(dict(row)) for row in found]
