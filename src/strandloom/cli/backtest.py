"""`strandloom backtest`: the whole network on bars of the past, with a report to open."""

import asyncio
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer

from strandloom.cli import show

app = typer.Typer(add_completion=False, invoke_without_command=True)


@app.callback()
def backtest(
    context: typer.Context,
    data: Annotated[
        str,
        typer.Option(help="`sample`, files of one-minute bars (comma-separated), or a venue of the store."),
    ] = "sample",
    start: Annotated[
        str | None,
        typer.Option("--from", help="UTC day or minute to begin with; bars before it are history."),
    ] = None,
    stop: Annotated[str | None, typer.Option("--to", help="UTC day or minute to end before.")] = None,
    symbols: Annotated[
        str | None, typer.Option(help="Comma-separated; default: the setting SYMBOLS.")
    ] = None,
    cash: Annotated[
        float | None, typer.Option(min=100, help="USD to begin with; default: PAPER_CASH_USD.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="The folder to write; default: in DATA_DIR/backtests."),
    ] = None,
    learn: Annotated[
        bool,
        typer.Option(
            "--learn", help="Say what was learnt, and what it was worth with lessons on against off."
        ),
    ] = False,
    walk_forward: Annotated[
        int | None,
        typer.Option(min=1, max=100, help="So many stretches, each traded on evidence from before it."),
    ] = None,
    embargo_hours: Annotated[
        int, typer.Option(min=1, help="Between that evidence and the stretch; at least the longest horizon.")
    ] = 24,
    record: Annotated[
        bool, typer.Option("--record/--no-record", help="Keep a row in the database and count the trial.")
    ] = True,
    as_json: show.AsJson = False,
) -> None:
    """Run the whole network over bars of the past, on paper, and write a report.

    The same modules as in the service, minute by minute; nothing later than the minute is in what they see.
    """
    if context.invoked_subcommand is not None:
        return
    from strandloom.cli import backtest_run, backtest_walk

    asked = backtest_run.Asked(
        data=data,
        start=start,
        stop=stop,
        symbols=symbols,
        cash_usd=None if cash is None else Decimal(str(cash)),
        output=output,
        record=record,
        learn=learn,
    )
    if walk_forward is not None:
        walked = backtest_walk.run(asked, walk_forward, embargo_hours * 60, quiet=as_json)
        backtest_walk.say(*asyncio.run(walked), as_json=as_json)
        return
    backtest_run.say(asyncio.run(backtest_run.run(asked, quiet=as_json)), as_json=as_json)


@app.command()
def compare(
    a: Annotated[
        str, typer.Argument(help="The folder of a finished backtest, or its name in DATA_DIR/backtests.")
    ],
    b: Annotated[str, typer.Argument(help="Another one.")],
    as_json: show.AsJson = False,
) -> None:
    """Lay the figures of two backtests side by side."""
    from strandloom.backtest.comparing import compare, load
    from strandloom.backtest.page.wording import shown, title
    from strandloom.cli import given

    def folder(name: str) -> Path:
        path = Path(name)
        return path if path.is_dir() else given.settings().data_dir / "backtests" / name

    rows = list(compare(load(folder(a)), load(folder(b))))
    if not as_json:
        for row in rows:
            name = row["figure"]
            less = row["b_less_a"]
            row |= {"figure": title(name), "a": shown(name, row["a"]), "b": shown(name, row["b"])}
            row["b_less_a"] = "" if less is None else shown(name, less)
    show.table(rows, as_json=as_json)
