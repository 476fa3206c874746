"""The named write that puts a heartbeat's bars into the store in the heartbeat's own transaction."""

from collections.abc import Iterable, Mapping
from typing import Any

from strandloom.blackboard.strand import Write
from strandloom.blackboard.tables import Tables
from strandloom.blackboard.writes import write
from strandloom.kinds.market import Bar
from strandloom.market import minute as minutes
from strandloom.market.bars import OPTIONAL, REQUIRED
from strandloom.market.beat import Beat

Row = dict[str, Any]


def store(beat: Beat) -> Write:
    """Everything that became known with this heartbeat, and that it has been given."""
    values = {
        "venue": beat.body.feed,
        "minute": minutes.opens(beat.minute).isoformat(),
        "bars": rows((*beat.first, *beat.after)),
    }
    return Write(name="market.store", values=values)


def rows(bars: Iterable[Bar]) -> list[Row]:
    """Bars as JSON can carry them; what the feed did not say is left out."""
    return [_row(bar) for bar in bars]


def _row(bar: Bar) -> Row:
    row: Row = {"symbol": bar.symbol, "minute": bar.at.isoformat()}
    for name in REQUIRED:
        row[name] = getattr(bar, name)
    for name in OPTIONAL:
        if (value := getattr(bar, name)) is not None:
            row[name] = value
    if bar.filled:
        row["filled"] = True
    return row


@write("market.store")
def _in_memory(tables: Tables, values: Mapping[str, Any]) -> bool:
    venue, known_with = values["venue"], values["minute"]
    bars = tables["market_bars"]
    for row in values["bars"]:
        key = (venue, row["symbol"], row["minute"])
        versions = (bars.get(key) or {"versions": ()})["versions"]
        if not versions or versions[-1]["bar"] != row:
            bars.put(key, {"versions": (*versions, {"known_with": known_with, "bar": row})})
    tables["market_beats"].put((venue, known_with), {})
    return True
