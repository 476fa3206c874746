"""Prints data three ways: tables for people on a terminal, plain lines for pipes, JSON for programs."""

import json
import shutil
import sys
import textwrap
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

import typer

from strandloom.basics import log

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
"""The option that every command which prints data takes: `as_json: AsJson = False`."""

Row = Mapping[str, Any]


def table(
    rows: Sequence[Row],
    *,
    as_json: bool,
    title: str | None = None,
    empty: str = "nothing yet",
    below: str | None = None,
) -> None:
    """Rows with the same keys: a table, tab-separated lines under a heading, or a JSON list.

    The column `below` is long: on a terminal each row has it on lines of its own, wrapped.
    """
    if as_json:
        _json(rows)
    elif not rows:
        sentence(empty)
    elif sys.stdout.isatty() and below is not None:
        _two_lines(rows, below)
    elif sys.stdout.isatty():
        _rich_table(rows, title)
    else:
        _write("\t".join(rows[0]))
        for row in rows:
            _write("\t".join(_text(value) for value in row.values()))


def record(values: Row, *, as_json: bool, title: str | None = None) -> None:
    """One thing with named values: aligned on a terminal, `name<tab>value` lines, or one flat JSON object."""
    if as_json:
        _json(values)
        return
    tty = sys.stdout.isatty()
    width = max((len(name) for name in values), default=0) if tty else 0
    if tty and title:
        _write(title)
    for name, value in values.items():
        _write(f"  {name:<{width}}  {_text(value)}" if tty else f"{name}\t{_text(value)}")


def number(value: Decimal | None) -> str:
    """A price or a size with no more digits than a person wants to read."""
    if value is None:
        return ""
    exponent = value.as_tuple().exponent
    rounded = round(value, 6) if isinstance(exponent, int) and exponent < -6 else value
    return f"{rounded.normalize():f}"


def line(values: Row, *, as_json: bool) -> None:
    """One event of a stream: a line of text, or one JSON object per line; flushed at once."""
    text = (
        json.dumps(values, default=_plain, ensure_ascii=False)
        if as_json
        else "  ".join(map(_text, values.values()))
    )
    _write(text)
    sys.stdout.flush()


def sentence(text: str) -> None:
    """Something to say to a person, on standard output."""
    _write(text)


def aside(text: str) -> None:
    """Something to say that is not the answer, on standard error."""
    sys.stderr.write(log.masked(text) + "\n")


def _two_lines(rows: Sequence[Row], below: str) -> None:
    """A row as wide as it is, and under it what would not fit beside it."""
    names = [name for name in rows[0] if name != below]
    widths = {name: max(len(name), *(len(_text(row[name])) for row in rows)) for name in names}
    _write("  ".join(f"{name:<{widths[name]}}" for name in names).rstrip())
    room = max(40, shutil.get_terminal_size().columns - 4)
    for row in rows:
        _write("  ".join(f"{_text(row[name]):<{widths[name]}}" for name in names).rstrip())
        text = _text(row[below]) if below == "why" else f"{below} {_text(row[below])}"
        for part in textwrap.wrap(text, room):
            _write(f"    {part}")


def _rich_table(rows: Sequence[Row], title: str | None) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    drawn = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for name, value in rows[0].items():
        numeric = isinstance(value, int | float) and not isinstance(value, bool)
        drawn.add_column(name, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        drawn.add_row(*(log.masked(_text(value)) for value in row.values()))
    Console().print(drawn, markup=False)


def _json(value: object) -> None:
    _write(json.dumps(value, default=_plain, ensure_ascii=False, indent=2))


def _plain(value: object) -> Any:
    """JSON for what JSON does not know: times as ISO, sets as lists, everything else as its text."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, set | frozenset | tuple):
        return sorted(value) if isinstance(value, set | frozenset) else list(value)
    return str(value)


def _text(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, float):
        return f"{value:,.6g}"
    if isinstance(value, list | tuple | set | frozenset):
        return " ".join(_text(part) for part in value)
    return str(value)


def _write(text: str) -> None:
    sys.stdout.write(log.masked(text) + "\n")
