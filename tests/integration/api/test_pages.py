"""The pages of a process over a real database: alive, ready, and every figure with a source of its own."""

from datetime import timedelta

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from strandloom.api.app import application
from strandloom.api.figures import Figures
from strandloom.basics.clock import SystemClock
from strandloom.blackboard.delivery import Subscription
from strandloom.blackboard.observe import Handled
from strandloom.blackboard.postgres import postgres_board
from strandloom.service.leases import Leases
from strandloom.service.me import Me
from strandloom.service.timings import Timings
from strandloom.store.database import Database
from tests.builders import a_pulse, from_feed

CLOCK = SystemClock()
ROLES = ("market", "trader")
Samples = dict[tuple[str, str], float]


class Pages:
    """A client of the pages of one process."""

    def __init__(self, database: Database) -> None:
        self.timings = Timings()
        app = application(database, ROLES, self.timings, Figures(database))
        self._http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here")

    async def get(self, path: str) -> httpx.Response:
        return await self._http.get(path)

    async def samples(self) -> Samples:
        """Every sample under its name and its labels."""
        text = (await self.get("/metrics")).text
        return {
            (sample.name, " ".join(sample.labels.values())): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }


@pytest.fixture
def pages(database: Database) -> Pages:
    return Pages(database)


async def test_whoever_answers_is_alive(pages: Pages) -> None:
    assert (await pages.get("/healthz")).json()["alive"] is True


async def test_a_process_is_ready_once_somebody_leads_each_of_its_roles(
    pages: Pages, database: Database
) -> None:
    before = await pages.get("/readyz")
    assert (before.status_code, before.json()["led_by_nobody"]) == (503, list(ROLES))
    leases = Leases(database, CLOCK, Me.now(), ROLES)
    await leases.present()
    await leases.look()
    after = await pages.get("/readyz")
    assert (after.status_code, after.json()["ready"]) == (200, True)


async def test_without_a_database_it_is_alive_but_not_ready_and_still_tells_of_itself(
    pages: Pages, database: Database
) -> None:
    pages.timings.called("paper", "place", "answered", 0.2)
    await database.close()
    assert (await pages.get("/healthz")).status_code == 200
    assert (await pages.get("/readyz")).status_code == 503
    assert "trading_api_call_seconds_count" in (await pages.get("/metrics")).text


async def test_handlers_and_calls_are_timed_by_name(pages: Pages) -> None:
    told = Handled(
        module="decision_maker.gate",
        kind="trading_plan",
        outcome="answered",
        waited_s=0.02,
        took_s=0.004,
        posts=("decision", "decision"),
    )
    pages.timings.handled(told)
    pages.timings.called("paper", "place", "failed", 0.2)
    pages.timings.led("market", True)
    found = await pages.samples()
    assert found["strandloom_handler_seconds_count", "decision_maker.gate answered"] == 1
    assert found["strandloom_delivery_lag_seconds_sum", "decision_maker.gate"] == 0.02
    assert found["trading_agent_decision_seconds_sum", "decision_maker.gate"] == 0.004
    assert found["strandloom_drafts_total", "decision decision_maker.gate"] == 2
    assert found["trading_api_call_seconds_count", "place failed paper"] == 1
    assert found["strandloom_role_led", "market"] == 1


async def test_queues_are_told_by_consumer_and_state(pages: Pages, database: Database) -> None:
    board = postgres_board(database, CLOCK)
    await board.subscribe([Subscription(consumer="cil.reader", patterns=("market:*",), order="free")])
    for n in range(3):
        await board.post([a_pulse(n)], from_feed(n))
    await board.claim("cil.reader", 1, "me")
    found = await pages.samples()
    assert found["strandloom_deliveries", "cil.reader waiting"] == 2
    assert found["strandloom_deliveries", "cil.reader leased"] == 1
    assert found["strandloom_oldest_delivery_seconds", "cil.reader"] > 0


async def test_strands_are_counted_between_two_scrapes_once_they_are_surely_there(database: Database) -> None:
    board = postgres_board(database, CLOCK)
    begun = await database.fetchval("api.settled")
    for n in range(3):
        await board.post([a_pulse(n)], from_feed(n))
    now = CLOCK.wall() + timedelta(seconds=1)
    rows = await database.fetch("api.strands", begun, now)
    assert [tuple(row) for row in rows] == [("t_pulse", "market", 3)]
    assert await database.fetch("api.strands", now, now) == []


async def test_nothing_known_is_nothing_told(pages: Pages) -> None:
    names = {name for name, _ in await pages.samples()}
    assert "trading_portfolio_value_usd" not in names
    assert "strandloom_heartbeat_age_seconds" not in names
