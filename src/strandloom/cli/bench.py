"""`strandloom bench NAME`: measures a part of the product and prints one flat object of numbers."""

import asyncio
import inspect
import pkgutil
from importlib import import_module
from typing import Annotated

import typer

from strandloom import bench as benches
from strandloom.basics.errors import BadInput
from strandloom.cli import show


def names() -> list[str]:
    """Every measurement there is: the files of `strandloom/bench`."""
    return sorted(found.name.replace("_", "-") for found in pkgutil.iter_modules(benches.__path__))


def bench(
    name: Annotated[str | None, typer.Argument(help="Which part; without it, the list of parts.")] = None,
    as_json: show.AsJson = False,
) -> None:
    """Measure how fast a part of Strandloom is on this machine.

    Prints one flat object of numbers; the unit is the end of each name (`_ms`, `_s`, `_per_s`, `_mb`).
    """
    if name is None:
        show.table([{"name": known} for known in names()], as_json=as_json, empty="no measurements yet")
        return
    if name not in names():
        raise BadInput(
            f"there is no measurement called {name!r}; there are: {', '.join(names()) or 'none yet'}"
        )
    module = import_module(f"{benches.__name__}.{name.replace('-', '_')}")
    measured = module.run()
    if inspect.isawaitable(measured):
        measured = asyncio.run(_waited(measured))
    show.record(measured, as_json=as_json)


async def _waited(measured: object) -> object:
    return await measured  # type: ignore[misc]  # a measurement may be a coroutine
