"""Figures of the whole network, read from the database at every scrape; the same in each process."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from prometheus_client import CollectorRegistry, Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from strandloom.store.database import Database

Row = Any  # a record of the driver, read like a mapping

SINGLE = {
    "strandloom_heartbeat_age_seconds": "Wall time since the newest heartbeat was posted.",
    "strandloom_market_time_seconds": "Market time of the newest heartbeat, in seconds since 1970.",
    "trading_positions_open": "Positions that are held.",
    "trading_portfolio_value_usd": "Equity of the account, marked to market.",
    "trading_unrealized_pnl_usd": "What the open positions have gained or lost.",
    "trading_daily_loss_percent": "How much of the day's first equity is lost; 0 after a gain.",
    "trading_agent_consensus": "Share of the observers that were for the plan, over the newest plans.",
    "trading_halts": "Halts in force.",
}
"""Gauges without labels: the columns of the query `api.single`; absent while nothing is known."""

COUNTED = {
    "strandloom_strands_total": ("Strands posted while this process ran.", ("kind", "team")),
    "trading_risk_violations_total": ("Risk rules that failed plans while this process ran.", ("rule",)),
}
"""Counters that grow by what was posted since the scrape before."""

STANDING = {
    "strandloom_deliveries": ("Open deliveries.", ("consumer", "state")),
    "strandloom_oldest_delivery_seconds": ("Age of the oldest strand that waits.", ("consumer",)),
    "strandloom_dead_letters": ("Deliveries that were given up.", ("consumer",)),
}

ORDERS = {
    "trading_orders_placed_total": "Orders that went to the venue.",
    "trading_orders_filled_total": "Orders that were filled, wholly or in part.",
    "trading_orders_rejected_total": "Orders that the venue refused.",
}
"""Columns of the query `api.orders`, by venue."""


@dataclass(slots=True, eq=False)
class Figures(Collector):
    """`read` before each scrape; `collect` tells what was read."""

    database: Database
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    _families: Sequence[Metric] = ()
    _counts: dict[str, dict[tuple[str, ...], float]] = field(default_factory=dict)
    _since: Any = None

    def __post_init__(self) -> None:
        self.registry.register(self)

    def collect(self) -> Iterable[Metric]:
        return self._families

    async def read(self) -> None:
        """Ask the database."""
        ask = self.database
        until = await ask.fetchval("api.settled")
        since = until if self._since is None else self._since
        self._count("strandloom_strands_total", await ask.fetch("api.strands", since, until))
        self._count("trading_risk_violations_total", await ask.fetch("api.violations", since, until))
        self._since = until
        self._families = [
            *_single(await ask.fetchrow("api.single")),
            *_orders(await ask.fetch("api.orders")),
            *_standing(await ask.fetch("api.queues")),
            *(self._counter(name) for name in COUNTED),
        ]

    def _count(self, name: str, rows: Sequence[Row]) -> None:
        counts = self._counts.setdefault(name, {})
        for row in rows:
            labels = tuple(str(row[label]) for label in COUNTED[name][1])
            counts[labels] = counts.get(labels, 0.0) + row["n"]

    def _counter(self, name: str) -> Metric:
        says, labels = COUNTED[name]
        family = CounterMetricFamily(name, says, labels=labels)
        for values, count in self._counts.get(name, {}).items():
            family.add_metric(values, count)
        return family


def _single(row: Row | None) -> Iterable[Metric]:
    for name, says in SINGLE.items():
        value = None if row is None else row[name]
        if value is not None:
            yield GaugeMetricFamily(name, says, value=float(value))


def _orders(rows: Sequence[Row]) -> Iterable[Metric]:
    for name, says in ORDERS.items():
        family = CounterMetricFamily(name, says, labels=("venue",))
        for row in rows:
            family.add_metric((row["venue"],), row[name])
        yield family


def _standing(rows: Sequence[Row]) -> Iterable[Metric]:
    families = {
        name: GaugeMetricFamily(name, says, labels=labels) for name, (says, labels) in STANDING.items()
    }
    for row in rows:
        consumer = row["consumer"]
        for state in ("waiting", "leased", "backing_off", "expired"):
            families["strandloom_deliveries"].add_metric((consumer, state), row[state])
        families["strandloom_oldest_delivery_seconds"].add_metric((consumer,), row["oldest_s"] or 0.0)
        families["strandloom_dead_letters"].add_metric((consumer,), row["dead"])
    return families.values()
