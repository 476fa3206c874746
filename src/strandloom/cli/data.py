"""`strandloom data`: bars in and out of the store, what is there, and what is missing."""

import asyncio
from pathlib import Path
from typing import Annotated, Literal

import typer

from strandloom.cli import show

app = typer.Typer(no_args_is_help=True, add_completion=False)

From = Annotated[str | None, typer.Option("--from", help="First minute, such as 2025-05-06T12:00, UTC.")]
To = Annotated[str | None, typer.Option("--to", help="The minute before which to stop.")]
Symbols = Annotated[str | None, typer.Option("--symbols", help="Only these, separated by commas.")]
Venue = Annotated[str | None, typer.Option("--venue", help="Only this venue's bars.")]


@app.callback()
def data() -> None:
    """Bring one-minute bars in and out, and see what is there.

    Bars of files are stored under the venue `imported`, those of a feed under its own name.
    """


@app.command("import")
def import_(
    files: Annotated[
        list[Path], typer.Argument(help="parquet, CSV or CSV.gz; `sample` is the shipped month.")
    ],
    venue: Annotated[str, typer.Option("--venue", help="The name to store them under.")] = "imported",
    symbol: Annotated[str | None, typer.Option("--symbol", help="Whose bars they are.")] = None,
    columns: Annotated[
        str | None, typer.Option("--columns", help="Which column is which: time=when,open=first,…")
    ] = None,
    unit: Annotated[
        Literal["min", "s", "ms", "us", "ns"] | None,
        typer.Option("--unit", help="Of times that are numbers."),
    ] = None,
    told: Annotated[
        Literal["open", "close"] | None,
        typer.Option("--time", help="What the time is of: a bar's open or close."),
    ] = None,
    repair: Annotated[
        bool, typer.Option("--repair", help="Sort, widen and leave out instead of refusing.")
    ] = False,
    gaps: Annotated[
        Literal["keep", "fill", "refuse"],
        typer.Option("--gaps", help="Missing minutes: fill makes them flat."),
    ] = "keep",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only look; store nothing.")] = False,
    as_json: show.AsJson = False,
) -> None:
    """Check files of one-minute bars and store them.

    Columns and units of time are recognised and shown first. Rows that repeat, are out of order or make no
    sense are told with their line; nothing is stored unless all files are sound or --repair is given.
    """
    from strandloom.cli import data_import
    from strandloom.market.files.bringing import Wish, columns_said

    wish = Wish(
        venue=venue,
        symbol=symbol,
        columns=columns_said(columns),
        unit=unit,
        told=told,
        repair=repair,
        gaps=gaps,
    )
    data_import.run(files, wish, dry_run=dry_run, as_json=as_json)


@app.command()
def fetch(
    feed: Annotated[
        Literal["hyperliquid", "simulated"] | None, typer.Option("--feed", help="Default: the setting FEED.")
    ] = None,
    symbols: Symbols = None,
    start: From = None,
    stop: To = None,
    as_json: show.AsJson = False,
) -> None:
    """Fetch the minutes that are missing from what a feed still has of the past.

    Goes on where it stopped before. Hyperliquid keeps the latest 5 000 minutes; what lies further back cannot
    be had there and is said.
    """
    from strandloom.cli import data_fetch

    asyncio.run(data_fetch.run(feed, symbols, start, stop, as_json=as_json))


@app.command("list")
def list_(as_json: show.AsJson = False) -> None:
    """Show what is stored, by venue and symbol."""
    from strandloom.cli import data_store

    rows = asyncio.run(data_store.held())
    show.table(
        rows, as_json=as_json, empty="no bars yet; `strandloom data import sample` brings a month of them"
    )


@app.command()
def gaps(
    venue: Venue = None,
    symbols: Symbols = None,
    start: From = None,
    stop: To = None,
    as_json: show.AsJson = False,
) -> None:
    """Show runs of missing minutes. Exit code 1 when there are any."""
    from strandloom.cli import data_store, ending

    rows = asyncio.run(data_store.gaps(venue, symbols, start, stop))
    show.table(rows, as_json=as_json, empty="no minute is missing")
    if rows:
        raise typer.Exit(ending.ANSWER_IS_NO)


@app.command()
def export(
    output: Annotated[Path, typer.Option("-o", "--output", help="A .parquet, .csv or .csv.gz file.")],
    venue: Venue = None,
    symbols: Symbols = None,
    start: From = None,
    stop: To = None,
    timeframe: Annotated[
        Literal["1m", "5m", "15m", "30m", "1h", "4h", "1d"],
        typer.Option("--timeframe", help="Length of the bars."),
    ] = "1m",
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", help="As they were known then; otherwise as their heartbeat saw them."),
    ] = None,
    as_json: show.AsJson = False,
) -> None:
    """Write bars to a file that `data import` reads again."""
    from strandloom.cli import data_store

    written = asyncio.run(data_store.export(output, venue, symbols, start, stop, timeframe, as_of))
    show.record(written, as_json=as_json)


@app.command()
def tidy(as_json: show.AsJson = False) -> None:
    """Pack minutes that are a week old, forget those of two years ago, and say what it saved.

    The service does the same by itself. BARS_PACK_AFTER_DAYS and BARS_KEEP_DAYS set the ages.
    """
    from strandloom.cli import data_store

    show.record(asyncio.run(data_store.tidy()), as_json=as_json)
