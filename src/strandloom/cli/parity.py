"""`strandloom parity`: a recorded day against its replay, and the first difference with both versions."""

import asyncio
from typing import Annotated, Any

import typer

from strandloom.basics.errors import BadInput
from strandloom.cli import given, show


def parity(
    day: Annotated[str, typer.Option(help="The UTC day, such as 2026-01-01.")],
    as_json: show.AsJson = False,
) -> None:
    """Replay a day that the service recorded, and show the first difference.

    A live day is not claimed to be identical: it may have begun with positions, waited for quotes, or missed
    a minute. What differs first says why. The replay begins flat, with the equity and the evidence that the
    day began with; when the day began with positions, that is said, and what follows from them differs.
    """
    show_found(asyncio.run(_parity(day, quiet=as_json)), as_json=as_json)


async def _parity(text: str, *, quiet: bool) -> dict[str, Any]:
    from strandloom import wiring
    from strandloom.backtest.parity import shown
    from strandloom.backtest.recorded import compared, recorded
    from strandloom.cli.progress import Progress
    from strandloom.market import minute as minutes
    from strandloom.risk.watch import LimitsInForce
    from strandloom.scoring.costs import cost_model

    settings, since = given.settings(), minutes.parse(text)
    if since % minutes.DAY_MINUTES:
        raise BadInput(f"--day takes a whole UTC day such as 2026-01-01, not {text!r}")
    async with wiring.store(settings) as database:
        day = await recorded(database, since, since + minutes.DAY_MINUTES)
        limits = LimitsInForce(settings.risk_file, watched=False)
        with Progress("replaying minutes", day.stop - day.start, quiet=quiet) as progress:
            found = await compared(database, day, cost_model(settings.cost_model), limits, progress.advance)
    return {
        "began_with_usd": day.cash_usd,
        "began_holding": [f"{one.symbol} {show.number(one.quantity)}" for one in day.held],
        "same": found.same,
        "only_recorded": found.only_one,
        "only_replayed": found.only_other,
        "different": found.different,
        "differs_in": list(found.first.differs_in) if found.first else [],
        "recorded": shown(found.first.one) if found.first else None,
        "replayed": shown(found.first.other) if found.first else None,
    }


def show_found(found: dict[str, Any], *, as_json: bool) -> None:
    """The counts, then both versions of the first difference."""
    if as_json:
        show.record(found, as_json=True)
        return
    show.record(
        {name: found[name] for name in ("same", "only_recorded", "only_replayed", "different")}, as_json=False
    )
    show.sentence(_beginning(found))
    if found["recorded"] is None:
        show.sentence("the replay says the same")
        return
    for side in ("recorded", "replayed"):
        show.record(found[side], as_json=False, title=f"first difference, as {side}")


def _beginning(found: dict[str, Any]) -> str:
    """With what both began, and what that means for the differences."""
    equity, held = f"{found['began_with_usd']:,.2f} USD", found["began_holding"]
    if not held:
        return f"both began flat, with {equity} and the same evidence"
    return (
        f"the day began holding {', '.join(held)}; the replay began flat, with the same {equity}: the ends "
        "of those trades, and plans refused or sized because of them, differ for that reason alone"
    )
