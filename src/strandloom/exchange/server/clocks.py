"""Two clocks: clients stamp in wall time, the engine lives in market time, and a simulated one runs apart."""

from collections.abc import Mapping
from typing import Any

from strandloom.exchange.server.translate import agent_name
from strandloom.exchange.server.venue import Venue


def on_market_time(venue: Venue, action: Mapping[str, Any]) -> Mapping[str, Any]:
    """A client counts the time to a scheduled cancel, or to an agent's end, on its own clock."""
    if action["type"] == "scheduleCancel" and action.get("time") is not None:
        return {**action, "time": max(0, action["time"] + _ahead_ms(venue))}
    if action["type"] == "approveAgent":
        name, until = agent_name(action.get("agentName") or "")
        if until is not None:
            return {**action, "agentName": f"{name or ''} valid_until {until + _ahead_ms(venue)}"}
    return action


def on_client_time(venue: Venue, agents: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The ends of agents as their owner gave them."""
    return [
        {**agent, "validUntil": agent["validUntil"] and agent["validUntil"] - _ahead_ms(venue)}
        for agent in agents
    ]


def _ahead_ms(venue: Venue) -> int:
    return venue.at_ms() - venue.wall_ms()
