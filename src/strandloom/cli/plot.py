"""`strandloom plot`: pictures of what the network saw."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from strandloom.basics.errors import BadInput
from strandloom.cli import show

app = typer.Typer(add_completion=False, help="Draw pictures of what the network saw.")
LEAD_IN = 9_000  # minutes before the day that the most patient feature looks back


@app.callback()
def plot() -> None:
    """Draw pictures of what the network saw."""


@app.command()
def patterns(
    symbol: Annotated[str, typer.Option(help="A symbol of the sample: BTC, ETH or SOL.")] = "BTC",
    day: Annotated[str, typer.Option(help="The UTC day, such as 2025-05-12.")] = "2025-05-12",
    family: Annotated[str | None, typer.Option(help="Only patterns of this family, such as volume.")] = None,
    output: Annotated[Path, typer.Option("-o", "--output", help="The PNG to write.")] = Path("patterns.png"),
    as_json: show.AsJson = False,
) -> None:
    """Draw one day's candles with every pattern that began, what it pointed at, and what became of it.

    Replays the sample up to that day, so it takes a few seconds.
    """
    from strandloom.cli.patterns_picture import draw
    from strandloom.market import minute as minutes
    from strandloom.market.panel import panel
    from strandloom.market.sample import SYMBOLS, load
    from strandloom.teams.raw_data.rehearsal import rehearse

    if symbol not in SYMBOLS:
        raise BadInput(f"the sample has no {symbol}; it has {', '.join(SYMBOLS)}")
    start = _day(day)
    market = panel(load())
    if not market.start <= start <= market.stop - minutes.DAY_MINUTES:
        first, last = minutes.opens(market.start + minutes.DAY_MINUTES), minutes.opens(market.stop)
        raise BadInput(
            f"the sample has whole days from {first:%Y-%m-%d} to before {last:%Y-%m-%d}, not {day}"
        )
    known = market.between(start - LEAD_IN, start + minutes.DAY_MINUTES)
    strands = asyncio.run(rehearse(known, start))
    drawn = draw(market.between(start, start + minutes.DAY_MINUTES), symbol, strands, output, family)
    show.record({"file": str(output), "symbol": symbol, "day": day, "patterns": drawn}, as_json=as_json)


def _day(text: str) -> int:
    from strandloom.market import minute as minutes

    try:
        minute = minutes.parse(text)
    except ValueError as error:
        raise BadInput(f"--day takes a day such as 2025-05-12, not {text!r}") from error
    return minute - minute % minutes.DAY_MINUTES
