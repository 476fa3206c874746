"""`strandloom market`: the market as it arrives."""

import asyncio
from typing import Annotated, Literal

import typer

from strandloom.cli import show

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.callback()
def market() -> None:
    """Look at the market as it arrives."""


@app.command()
def watch(
    feed: Annotated[
        Literal["simulated", "replay", "hyperliquid"] | None,
        typer.Option("--feed", help="Default: the setting FEED."),
    ] = None,
    symbols: Annotated[
        str | None, typer.Option("--symbols", help="Separated by commas. Default: the setting SYMBOLS.")
    ] = None,
    minutes: Annotated[
        int | None, typer.Option("--minutes", min=1, help="Stop after so many market minutes.")
    ] = None,
    as_json: show.AsJson = False,
) -> None:
    """Watch a feed: each symbol with its age, last bar, missing minutes and rate.

    Takes the feed by itself, without a database and beside a running service. On a terminal the table is
    live; elsewhere each heartbeat is a line.
    """
    from strandloom.cli import market_watch

    asyncio.run(market_watch.run(feed, symbols, minutes, as_json=as_json))
