"""A school for lessons: outcomes with known truth come in hour by hour, the gate looks once a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np

from strandloom.basics.ids import from_unix_ms
from strandloom.blackboard.cause import Cause
from strandloom.blackboard.desk import Market, NoMarket, desks
from strandloom.blackboard.lockstep import Lockstep
from strandloom.blackboard.module import Module, Seat
from strandloom.blackboard.strand import Draft, Strand, Write
from strandloom.indicators.calendar import session
from strandloom.indicators.frame import Floats, Frame, nothing
from strandloom.kinds.heartbeat import Heartbeat
from strandloom.kinds.job import Job
from strandloom.kinds.lesson import Hypothesis, Lesson
from strandloom.kinds.prediction import Outcome
from strandloom.learning import tables
from strandloom.learning.horizons import Horizons
from strandloom.learning.keys import PatternKey
from strandloom.learning.lessons import rows
from strandloom.learning.lessons.gathering import Trails
from strandloom.learning.lessons.proposing import predicate_of
from strandloom.scoring.costs import VENUE
from strandloom.teams.cil.doctrine import DoctrineKeeper
from strandloom.teams.cil.lessons import Lessons
from tests.unit.learning.test_evidence_story import a_prediction

DAY_MIN, WARM_DAYS, WEEK_MIN = 1_440, 6, 10_080
START_MIN = 29_000_160  # a Monday, 00:00 UTC
HORIZON_MIN = 30
COST_BPS = 12.0
SYMBOLS = ("BTC", "ETH")


class Priced(NoMarket):
    """A market that knows nothing but closes."""

    def __init__(self, minute: int, close: Floats) -> None:
        self.minute = minute
        self.symbols = SYMBOLS
        self._close = close

    def bars(self, timeframe: str = "1m") -> Frame:
        stop = self.minute - (START_MIN - WARM_DAYS * DAY_MIN) + 1
        close = self._close[:, max(stop - WEEK_MIN, 0) : stop]
        at = np.arange(self.minute - close.shape[1] + 1, self.minute + 1, dtype=np.int64)
        unknown = nothing(*close.shape)
        return Frame(
            minutes=1, at=at, open=close, high=close, low=close, close=close, volume=close,
            trades=unknown, quote_volume=unknown, bid=unknown, ask=unknown, mark=unknown, oracle=unknown,
            funding=unknown, open_interest=unknown,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Taught:
    """A pattern with known truth: what it adds to the price's own way, on which days."""

    name: str
    edge_bps: float = 0.0
    per_hour: int = 1
    dies: int | None = None  # on this day


class School:
    """One lockstep of the learners over a price path; every call of `day` is one market day."""

    def __init__(
        self,
        taught: Sequence[Taught],
        *,
        days: int,
        seed: int = 1,
        drift_bps_per_hour: float = 0.0,
        noise_bps: float = 25.0,
        more: Sequence[Module] = (),
    ) -> None:
        self._rng = np.random.default_rng(seed)
        self._taught = taught
        self._noise = noise_bps
        minutes = (days + WARM_DAYS + 1) * DAY_MIN
        steps = self._rng.normal(drift_bps_per_hour / 60.0, 4.0, (len(SYMBOLS), minutes)) / 10_000.0
        self._close = 100.0 * np.exp(np.cumsum(steps, axis=1))
        trails = Trails()
        self.horizons = Horizons({each.name: {"1m": HORIZON_MIN * 60} for each in taught})
        learners: tuple[Module, ...] = (
            Lessons(self.horizons, VENUE, trails),
            DoctrineKeeper(trails),
        )
        seats = [Seat(module=module, order="free") for module in (*learners, *more)]
        self.board = Lockstep(seats, lambda: self.at(0), strict=True, forgiving=False)
        self.board.lay(desks(self.board.past, self._market))
        self._day = 0
        self._n = 0
        self._closing: list[Outcome] = []

    @staticmethod
    def at(minute: int) -> datetime:
        """The moment so many minutes after the first day began."""
        return from_unix_ms((START_MIN + minute) * 60_000)

    def _market(self, at: datetime) -> Market:
        return Priced(int(at.timestamp()) // 60 - 1, self._close)

    async def days(self, n: int) -> None:
        """So many more days."""
        for _ in range(n):
            await self._one_day()

    async def tell(self, *drafts: Draft) -> None:
        """Somebody posts something now."""
        self._n += 1
        self.board.post(
            drafts, Cause(module="people.test", at=self.at(self._day * DAY_MIN + 6), key=self._key())
        )
        await self.board.drain()

    async def suppose(self, name: str, writer: str = "rule", mechanism: str = "") -> None:
        """Register a pattern's statement by hand."""
        body = Hypothesis(
            family="pattern", predicate=predicate_of(PatternKey(pattern=name, direction="up")),
            action_hint="expect", horizon_s=HORIZON_MIN * 60, cost_model="venue/1", cost_bps=COST_BPS,
            writer=writer, mechanism=mechanism,
        )  # fmt: skip
        await self.tell(Draft(body=body, tags=("cil:hypothesis",)))

    async def lessons(self, *status: str) -> list[Lesson]:
        """As they stand."""
        return await rows.all_now(self.board.past, status or None)

    async def said(self, kind: str) -> list[Strand]:
        """All strands of a kind, oldest first."""
        return list(reversed(await self.board.past.latest(kind, limit=10_000)))

    async def _one_day(self) -> None:
        for hour in range(24):
            minute = self._day * DAY_MIN + hour * 60
            if hour:
                await self._heartbeat(minute)
            self._open(minute)
        self._day += 1
        await self._heartbeat(self._day * DAY_MIN)
        await self.look(self._day * DAY_MIN + 5)

    async def look(self, minute: int, job: str = "look") -> None:
        """The job of the gate, or another one."""
        self._settle(minute)
        at = self.at(minute)
        body = Job(job=job, slot=at)
        cause = Cause(module="jobs.timetable", at=at, key=f"{job}:{minute}")
        self.board.post([Draft(body=body, tags=(f"system:job:{job}",))], cause)
        await self.board.drain()

    async def _heartbeat(self, minute: int) -> None:
        self._settle(minute)
        body = Heartbeat(feed="test", minute=self.at(minute - 1), present=SYMBOLS)
        cause = Cause(module="market.heartbeat", at=self.at(minute), key=f"beat:{minute}")
        self.board.post([Draft(body=body, tags=("market:heartbeat", "market:heartbeat:60m"))], cause)
        await self.board.drain()

    def _open(self, minute: int) -> None:
        writes: list[Write] = []
        for taught in self._taught:
            for _ in range(taught.per_hour):
                outcome = self._outcome(taught, minute + int(self._rng.integers(0, 60)))
                self._closing.append(outcome)
                body = a_prediction(
                    0, pattern=taught.name, symbol=outcome.symbol, opens_at=outcome.opened_at,
                    session=outcome.session, expires_at=outcome.closed_at,
                )  # fmt: skip
                writes.append(tables.open_prediction(outcome.prediction, body))
        self._write(minute, writes)

    def _settle(self, minute: int) -> None:
        """What has closed by now becomes evidence."""
        now = self.at(minute)
        closed = [outcome for outcome in self._closing if outcome.closed_at <= now]
        self._closing = [outcome for outcome in self._closing if outcome.closed_at > now]
        writes = [w for o in closed for w in (tables.close_prediction(o.prediction), tables.add_evidence(o))]
        self._write(minute, writes)

    def _write(self, minute: int, writes: Sequence[Write]) -> None:
        self.board.post([], Cause(module="learning.evidence", at=self.at(minute), key=self._key()), writes)

    def _outcome(self, taught: Taught, opened: int) -> Outcome:
        self._n += 1
        symbol = int(self._rng.integers(0, len(SYMBOLS)))
        alive = taught.dies is None or self._day < taught.dies
        at = opened + WARM_DAYS * DAY_MIN
        way = np.log(self._close[symbol, at + HORIZON_MIN] / self._close[symbol, at]) * 10_000.0
        noise = self._rng.normal(0.0, self._noise)
        gross = float(way + noise + (taught.edge_bps if alive else 0.0))
        body = a_prediction(
            0, pattern=taught.name, symbol=SYMBOLS[symbol], session=session(START_MIN + opened)
        )
        copied = {name: getattr(body, name) for name in Outcome.__slots__ if hasattr(body, name)}
        return Outcome(
            **{
                **copied,
                "prediction": UUID(int=self._n),
                "r_bps": gross - COST_BPS,
                "gross_bps": gross,
                "won": gross > COST_BPS,
                "opened_at": self.at(opened),
                "closed_at": self.at(opened) + timedelta(minutes=HORIZON_MIN),
                "entry": 100.0,
                "exit": 100.0,
                "closed_by": "expiry",
                "horizon_s": HORIZON_MIN * 60,
            }
        )

    def _key(self) -> str:
        self._n += 1
        return f"school:{self._n}"
