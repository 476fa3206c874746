"""A running service is scraped: every figure that operators are promised is there, with a true value."""

import socket
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from strandloom.store.database import Database
from tests.processes import a_fleet

PROMISED = {
    "strandloom_strands_total",
    "strandloom_delivery_lag_seconds_count",
    "strandloom_handler_seconds_count",
    "strandloom_heartbeat_age_seconds",
    "trading_orders_placed_total",
    "trading_orders_filled_total",
    "trading_orders_rejected_total",
    "trading_positions_open",
    "trading_portfolio_value_usd",
    "trading_unrealized_pnl_usd",
    "trading_agent_decision_seconds_count",
    "trading_agent_consensus",
    "trading_risk_violations_total",
    "trading_daily_loss_percent",
    "trading_api_call_seconds_count",
}


def a_free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@pytest.mark.slow
async def test_a_scrape_finds_everything_that_is_promised(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    port = a_free_port()
    with a_fleet(database_url, tmp_path, MARKET_SPEED="900", API_PORT=str(port)) as fleet:
        fleet.start()
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
            found: dict[str, float] = {}

            async def everything() -> bool:
                try:
                    text = (await http.get("/metrics")).text
                except httpx.TransportError:  # it has only just been started
                    return False
                families = text_string_to_metric_families(text)
                found.update({s.name: s.value for family in families for s in family.samples})
                return found.keys() >= PROMISED

            await fleet.until("every figure is there", everything, within_s=200)
            assert (await http.get("/readyz")).status_code == 200
            assert (await http.get("/healthz")).json()["alive"]
    assert 50_000 < found["trading_portfolio_value_usd"] < 200_000
    assert 0 <= found["trading_agent_consensus"] <= 1
    assert found["strandloom_heartbeat_age_seconds"] < 30
