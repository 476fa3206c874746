"""`strandloom run`, and `python -m src.main` without arguments: the service, until a signal stops it."""

import asyncio
import signal
import sys
from typing import Annotated

import typer
from loguru import logger

from strandloom import __version__, wiring
from strandloom.api.beside import beside
from strandloom.basics import log
from strandloom.cli import ending, given, show
from strandloom.service import Service
from strandloom.settings import Settings

LOOKS = {
    "status": ("status", "shows what runs, what is held, and what is wrong"),
    "strands": ("watch", "shows strands as they are posted"),
    "decisions": ("decisions", "lists what was approved, tried and refused; `trace ID` shows why"),
    "questions": ("db shell", "opens a SQL prompt"),
    "settings": ("config", "shows every setting and where it comes from"),
    "and more": ("--help", "lists every command"),
}
"""How a newcomer looks into a running service, from another terminal."""


def run(
    teams: Annotated[
        str | None,
        typer.Option(metavar="ROLES", help="Only these roles, separated by commas, as the setting TEAMS."),
    ] = None,
) -> None:
    """Start the service and stay until Ctrl-C or SIGTERM.

    Without any setting it starts a database of its own and needs neither keys nor network.
    """
    found = given.in_force({} if teams is None else {"TEAMS": teams})
    log.start(found.settings.log_level, found.settings.log_format)
    for doubt in found.doubts:
        logger.warning("setting_in_doubt", why=doubt)
    try:
        asyncio.run(_serve(found.settings))
    except asyncio.CancelledError:
        show.aside("stopped before it was ready")
        raise typer.Exit(ending.STOPPED) from None


async def _serve(settings: Settings) -> None:
    stop = asyncio.Event()
    _on_signals(stop)
    async with wiring.service(settings) as composed:
        service = beside(composed, settings)
        _say_ready(service)
        _on_signals(stop, ready=True)
        await service.run(stop)
    show.sentence("stopped cleanly")


def _on_signals(stop: asyncio.Event, *, ready: bool = False) -> None:
    """Before we are ready a signal ends the start; afterwards it asks for a clean stop."""
    loop = asyncio.get_running_loop()
    main = asyncio.current_task()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set if ready or main is None else main.cancel)


def _say_ready(service: Service) -> None:
    logger.info("service_ready", version=__version__)
    looks = {name: f"`{given.program()} {command}` {does}" for name, (command, does) in LOOKS.items()}
    screen = {
        "strandloom": f"{__version__}, ready",
        **service.facts,
        **looks,
        **service.next_steps,
        "stop": "Ctrl-C",
    }
    show.record(screen, as_json=False)
    sys.stdout.flush()
