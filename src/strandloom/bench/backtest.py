"""How fast a backtest is: the path from bar to outcome, trading often and seldom, and the full roster."""

import time
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from strandloom import roster
from strandloom.backtest.replay import replay
from strandloom.backtest.terms import Terms
from strandloom.bench import ema_cross
from strandloom.blackboard.module import Seat
from strandloom.kinds.order import OrderIntent, OrderStatus
from strandloom.market import minute as minutes
from strandloom.market.panel import panel
from strandloom.market.sample import load
from strandloom.risk.watch import LimitsInForce
from strandloom.teams.raw_data.detector import Detector

BARS = 500_000
DENSE, SPARSE = 22, 1_500  # bars between trades
ORDERS, COMPARED = 50_000, 5_000
ROSTER_MINUTES = 10_000
START = 480_000 * 60
ON_THE_PATH = (  # from bar to outcome; who only looks on counts with the full roster
    "trader.tracker",
    "trader.orders",
    "trader.sender",
    "trader.guard",
    "raw_data.momentum",
    "raw_data.forecaster",
    "learning.outcomes",
    "learning.evidence",
    "decision_maker.",
)
# Nothing but the pace of the crossings decides how often it trades.
LIMITS = "[losses]\nstreak = 1000000\n[probes]\nper_hour = 1000\n[trade]\nreward_to_cost = 0.1\n"


async def run() -> dict[str, float]:
    """Bars per CPU second, and whether the last orders cost more than the first."""
    dense = await _traded(DENSE, BARS)
    sparse = await _traded(SPARSE, BARS)
    return {
        "python_loop_bars_per_cpu_s": python_loop_bars_per_cpu_s(),
        "dense_bars_per_cpu_s": BARS / dense.cpu_s,
        "dense_bars_per_order": BARS / dense.orders,
        "sparse_bars_per_cpu_s": BARS / sparse.cpu_s,
        "sparse_bars_per_trade": BARS / sparse.trades,
        "order_cost_growth": dense.growth(),
        "roster_symbol_minutes_per_cpu_s": await roster_symbol_minutes_per_cpu_s(),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One replay: what it took, and how many orders it had sent after how much of that."""

    cpu_s: float
    trades: int
    marks: tuple[tuple[int, float], ...]  # orders so far, CPU seconds so far

    @property
    def orders(self) -> int:
        return self.marks[-1][0]

    def growth(self) -> float:
        """CPU per order of the last so many of all, over that of the first so many."""
        last = min(self.orders, ORDERS)
        return self._per_order(last - COMPARED, last) / self._per_order(0, COMPARED)

    def _per_order(self, first: int, last: int) -> float:
        within = [mark for mark in self.marks if first <= mark[0] <= last]
        (began, before), (ended, after) = within[0], within[-1]
        return (after - before) / (ended - began)


async def _traded(every: int, bars: int) -> Measured:
    """The EMA-cross network over waves that turn every so many bars."""
    market, detectors = ema_cross.waves(bars, every, START), (ema_cross.module(),)
    with TemporaryDirectory() as folder:
        limits = Path(folder) / "limits.toml"
        limits.write_text(LIMITS, encoding="utf-8")
        terms = Terms(start=START, stop=market.stop, limits=LimitsInForce(limits, watched=False))
    seats, book = partial(path, detectors=detectors), roster.book(detectors)
    began, clock = time.process_time(), [(START, 0.0)]

    def told(done: int) -> None:
        clock.append((clock[-1][0] + done, time.process_time() - began))

    result = await replay(seats, market, terms, book=book, told=told)
    sent = [minutes.of(strand.at) for strand, _ in result.said(OrderIntent)]
    return Measured(
        cpu_s=clock[-1][1],
        trades=sum(body.state == "closed" for _, body in result.said(OrderStatus)),
        marks=tuple((bisect_right(sent, minute), cpu_s) for minute, cpu_s in clock),
    )


def path(*wired: Any, detectors: Sequence[Detector]) -> list[Seat]:
    """The modules between a bar and its outcome, with one detector."""
    every = roster.seats(*wired, detectors=detectors)
    return [seat for seat in every if seat.module.name.startswith(ON_THE_PATH)]


async def roster_symbol_minutes_per_cpu_s() -> float:
    """Every module there is, over the beginning of the sample."""
    market = panel(load())
    market = market.between(market.start, market.start + ROSTER_MINUTES)
    began = time.process_time()
    await replay(roster.seats, market, Terms(start=market.start, stop=market.stop))
    return ROSTER_MINUTES * len(market.symbols) / (time.process_time() - began)


def python_loop_bars_per_cpu_s(bars: int = BARS) -> float:
    """The yardstick: two averages and their crossings in a plain loop, nothing else."""
    closes = ema_cross.waves(bars, DENSE, START).columns["close"][0].tolist()
    began = time.process_time()
    fast = slow = closes[0]
    above, crossings = False, 0
    for close in closes:
        fast += (close - fast) * (2 / 10)
        slow += (close - slow) * (2 / 22)
        if (fast > slow) != above:
            above, crossings = not above, crossings + 1
    return bars / (time.process_time() - began) if crossings else 0.0
