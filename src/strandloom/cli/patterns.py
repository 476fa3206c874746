"""`strandloom patterns`: what the raw-data team looks for, and what it was worth on the sample."""

import asyncio
import json
from dataclasses import asdict

import typer

from strandloom.cli import show
from strandloom.teams.raw_data import team
from strandloom.teams.raw_data.base_rates import BaseRate, measured, shipped


def patterns(as_json: show.AsJson = False) -> None:
    """List every pattern with when it begins, and how often it came and what it earned on the sample.

    The rates are the sample's, from one month of three coins; forecasts take theirs from the evidence.
    """
    rates = {(rate.pattern, rate.timeframe): rate for rate in shipped()}
    rows = [
        {
            "pattern": rule.name,
            "timeframe": source.timeframe,
            "begins": rule.formula,
            "points": "up or down" if rule.directional else "nowhere",
            "horizon_min": team.horizons()[rule.name][source.timeframe] // 60,
            **_shown(rates.get((rule.name, source.timeframe))),
        }
        for detector in team.detectors()
        for source in detector.sources
        for rule in source.rules
    ]
    show.table(rows, as_json=as_json, title="Patterns")


def _shown(rate: BaseRate | None) -> dict[str, float | int | None]:
    return {
        "per_day": rate.per_day if rate else 0.0,
        "outcomes": rate.outcomes if rate else 0,
        "gross_bps": rate.gross_bps if rate else None,
        "net_bps": rate.net_bps if rate else None,
    }


def measure() -> list[BaseRate]:
    """Replay the sample and count; takes a minute or two."""
    from strandloom.market.panel import panel
    from strandloom.market.sample import load
    from strandloom.teams.raw_data.rehearsal import rehearse

    market = panel(load())
    start = market.start + 1_440  # a day to warm up
    days = (market.stop - start) / 1_440 * len(market.symbols)
    return measured(asyncio.run(rehearse(market, start)), days)


if __name__ == "__main__":
    typer.echo(json.dumps([asdict(rate) for rate in measure()], indent=1))
