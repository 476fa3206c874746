"""`strandloom exchange serve`: the built-in exchange on a port, with a market of its own."""

import asyncio
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

import typer

from strandloom import __version__
from strandloom.basics.errors import BadInput
from strandloom.cli import show
from strandloom.cli.exchange_market import Wish, stage
from strandloom.exchange.server.limits import Limits
from strandloom.exchange.server.serve import Serving, serving
from strandloom.exchange.server.venue import Faucet, Venue

app = typer.Typer(no_args_is_help=True)

PORT = 4001

Say = Callable[[Serving, Venue, str], None]


@app.callback()
def exchange() -> None:
    """Trade on paper with any client of Hyperliquid's protocol: the built-in exchange as a server."""


@app.command()
def serve(
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes any free one.")] = PORT,
    feed: Annotated[
        Literal["simulated", "replay", "hyperliquid"],
        typer.Option(help="Where prices come from; the settings REPLAY_… and HYPERLIQUID_URL count too."),
    ] = "simulated",
    symbols: Annotated[
        str | None, typer.Option(help="What can be traded, separated by commas; else BTC,ETH,SOL,OP.")
    ] = None,
    speed: Annotated[float, typer.Option(min=0.01, max=600, help="Market minutes per minute.")] = 1.0,
    seed: Annotated[int | None, typer.Option(min=0, help="Another number, another market.")] = None,
    faucet: Annotated[
        float, typer.Option(min=0, help="Paper USDC for an account asked for the first time; 0: none.")
    ] = 10_000,
    state: Annotated[
        Path | None,
        typer.Option(help="A folder that keeps everything between starts."),
    ] = None,
    admin_port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Open a second port for faults and drills.")
    ] = None,
    limits: Annotated[bool, typer.Option(help="Limit requests as the venue does.")] = True,
    as_json: show.AsJson = False,
) -> None:
    """Serve the exchange until Ctrl-C: /info, /exchange and /ws on one port of this machine.

    The market is simulated from real minutes, no money is involved, and nothing leaves the machine. Point any
    client of Hyperliquid at the address that is printed; docs/exchange.md shows how.
    """
    names = None if symbols is None else _names(symbols)
    wish = Wish(feed=feed, symbols=names, seed=seed, speed=speed, folder=state)
    limited = Limits() if limits else Limits.none()
    taps = Faucet(usd=Decimal(str(faucet))) if faucet else None

    def say(ports: Serving, venue: Venue, about: str) -> None:
        known = _addresses(ports) if as_json else _facts(ports, venue, about, state)
        show.record(known, as_json=as_json)
        sys.stdout.flush()

    with suppress(asyncio.CancelledError):
        asyncio.run(_serve(wish, limited, taps, port, admin_port, say))
    show.aside("stopped cleanly")


def _names(symbols: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name.strip().upper() for name in symbols.split(",") if name.strip()))
    if not names or not all(name.isalnum() for name in names):
        raise BadInput(f"--symbols {symbols!r} is no list of names; write something like BTC,ETH,SOL")
    return names


async def _serve(
    wish: Wish, limits: Limits, faucet: Faucet | None, port: int, admin_port: int | None, say: Say
) -> None:
    main = asyncio.current_task()
    if main is not None:
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, main.cancel)
    async with stage(wish) as on:
        venue = Venue(exchange=on.engine, clock=on.clock, limits=limits, faucet=faucet)
        async with serving(venue, port=port, admin_port=admin_port) as ports:
            market = on.market(ports.drive)
            await market.begin()
            say(ports, venue, on.about)
            await market.run()


def _addresses(ports: Serving) -> dict[str, str | None]:
    return {"url": ports.url, "admin_url": ports.admin_url}


def _facts(ports: Serving, venue: Venue, about: str, folder: Path | None) -> dict[str, str]:
    prices = ", ".join(f"{coin} {mid}" for coin, mid in venue.exchange.mids().items()) or "no prices yet"
    usd = f"{venue.faucet.usd:,.2f} USDC" if venue.faucet else "nothing"
    facts = {
        "strandloom exchange": f"{__version__}, ready",
        "address": f"{ports.url}  (/info, /exchange, and /ws for WebSockets)",
        "market": f"{about}: {prices}",
        "money": f"paper; an account has {usd} when its state is first asked for",
        "fills": venue.exchange.rules.told(),
        "state": f"kept in {folder}" if folder else "in memory; --state FOLDER keeps it",
    }
    if ports.admin_url:
        facts["drills"] = f"{ports.admin_url}  (faults, halts, gaps: docs/exchange.md)"
    return facts | {"try": f'Info("{ports.url}").all_mids() with the Hyperliquid SDK', "stop": "Ctrl-C"}
