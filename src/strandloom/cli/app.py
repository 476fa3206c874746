"""The command `strandloom`: which commands there are, and the file that each is loaded from when called.

A new family is a file with a `typer.Typer` called `app` (or a function: `file:function`), and a line below.
"""

import sys
from typing import Annotated

import typer

from strandloom import __version__
from strandloom.basics import log
from strandloom.cli import ending, given
from strandloom.cli.lazy import Entry, LazyGroup

COMMANDS: dict[str, Entry] = {
    "run": ("strandloom.cli.run:run", "Start the service and stay until Ctrl-C or SIGTERM."),
    "config": ("strandloom.cli.config:config", "Show which settings are in force and where each came from."),
    "db": ("strandloom.cli.db", "Look after the database: its schema, its address, a SQL prompt."),
    "exchange": ("strandloom.cli.exchange", "Trade on paper: the built-in exchange as a server."),
    "market": ("strandloom.cli.market", "Look at the market as it arrives."),
    "data": ("strandloom.cli.data", "Bring one-minute bars in and out, and see what is there."),
    "evidence": ("strandloom.cli.evidence", "See what is known of every pattern key, or work it out anew."),
    "braids": (
        "strandloom.cli.braids:braids",
        "List braids: memories of what belonged together, with their numbers.",
    ),
    "braid": ("strandloom.cli.braids:braid", "Show a braid's numbers and the strands it is made of."),
    "lessons": (
        "strandloom.cli.lessons:lessons",
        "List what was learnt, what was tried, and on what evidence.",
    ),
    "lesson": (
        "strandloom.cli.lessons:lesson",
        "Tell a lesson's whole life, end it, or have it tried again.",
    ),
    "plan": ("strandloom.cli.plan:plan", "Propose a trade; it passes the gate like any other plan."),
    "decisions": (
        "strandloom.cli.decisions:decisions",
        "List what was approved, tried and refused, and why.",
    ),
    "learn": ("strandloom.cli.learn", "Let the network learn now rather than at its time."),
    "llm": ("strandloom.cli.llm", "See what language models were asked, and what it cost."),
    "halt": ("strandloom.cli.halting:halt", "Open nothing more, everywhere or on one symbol."),
    "resume": ("strandloom.cli.halting:resume", "Release a halt or a latched limit."),
    "positions": ("strandloom.cli.trading:positions", "Show what is held."),
    "orders": ("strandloom.cli.trading:orders", "List orders, the newest first."),
    "trades": ("strandloom.cli.trading:trades", "List trades and what each one earned."),
    "flatten": (
        "strandloom.cli.flatten:flatten",
        "Cancel every order and close every position, also while halted.",
    ),
    "limits": ("strandloom.cli.risk:limits", "Show the risk limits in force."),
    "budget": ("strandloom.cli.risk:budget", "Show how much risk is taken, and by what."),
    "pnl": (
        "strandloom.cli.pnl:pnl",
        "Show what closed trades earned, by day, symbol, pattern, plan or lesson.",
    ),
    "reconcile": (
        "strandloom.cli.reconcile:reconcile",
        "Hold the books against the venue, and say what stays unexplained.",
    ),
    "trace": ("strandloom.cli.trace:trace", "Show what led to a strand and what it led to, as a tree."),
    "watch": ("strandloom.cli.watch:watch", "Show strands as they are posted, until Ctrl-C."),
    "post": ("strandloom.cli.post:post", "Post a strand in a person's name."),
    "audit": ("strandloom.cli.audit:audit", "Check everything that must hold whatever happened."),
    "dead": ("strandloom.cli.dead", "Look after deliveries that were given up: list, show, retry, drop."),
    "board": ("strandloom.cli.board", "Look after the blackboard: its size, its queues, its age."),
    "patterns": (
        "strandloom.cli.patterns:patterns",
        "List what the raw-data team looks for, and what it was worth on the sample.",
    ),
    "backtest": (
        "strandloom.cli.backtest",
        "Run the whole network over bars of the past, on paper, and write a report.",
    ),
    "parity": ("strandloom.cli.parity:parity", "Replay a recorded day, and show the first difference."),
    "plot": ("strandloom.cli.plot", "Draw pictures of what the network saw."),
    "jobs": ("strandloom.cli.jobs:jobs", "Show the timetable: what comes, what was done, what came of it."),
    "report": ("strandloom.cli.report:report", "Show what a day of trading came to, or write it as a page."),
    "status": ("strandloom.cli.status:status", "Show what runs, who leads, what is held, and what is wrong."),
    "bench": ("strandloom.cli.bench:bench", "Measure how fast a part of Strandloom is on this machine."),
}

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich" if sys.stdout.isatty() else None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
_OWN_OPTIONS = ("-h", "--help", "--version")


class Commands(LazyGroup):
    """Every command of Strandloom."""

    entries = COMMANDS


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback(cls=Commands, no_args_is_help=True, epilog=ending.EXIT_CODES)
def strandloom(
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="Set a setting for this call; may be repeated."),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Strandloom: a blackboard intelligence network for trading, on Postgres."""
    log.start("WARNING")
    given.remember(settings or [])


def main(default: str | None = None) -> None:
    """Run the command line; every expected failure ends in one sentence and a documented exit code.

    `default` is the command that is meant when none is given.
    """
    args = with_default(sys.argv[1:], default) if default else sys.argv[1:]
    ending.supervised(lambda: app(args=args, prog_name=given.program()))


def with_default(args: list[str], default: str) -> list[str]:
    """Put the default command where a command belongs, unless one, or help, is asked for."""
    at = 0
    while at < len(args) and args[at].startswith("--set"):
        at += 1 if "=" in args[at][:6] else 2
    asks_elsewhere = at < len(args) and (args[at] in _OWN_OPTIONS or not args[at].startswith("-"))
    return args if asks_elsewhere else [*args[:at], default, *args[at:]]


if __name__ == "__main__":
    main()
