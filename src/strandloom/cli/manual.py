"""Writes `docs/commands.md` from the commands themselves: `scripts/docs`."""

import inspect
from collections.abc import Iterator
from typing import Any

import typer

from strandloom.cli import app, ending

HEAD = f"""# Commands

Made by `scripts/docs` from the help texts. `scripts/run NAME …` is the same as `strandloom NAME …`, without
having to activate `.venv`. Before the command may stand `--set NAME=VALUE`, a setting for that call alone.

{ending.EXIT_CODES}.
"""


def text() -> str:
    """The whole page, commands in the order of their names."""
    return HEAD + "".join(_section(path, command) for path, command in commands())


def commands() -> Iterator[tuple[str, Any]]:
    """Every command that does something, with its full name: `db migrate`."""
    for name in sorted(app.COMMANDS):
        yield from _leaves(name, app.Commands().load(name))


def _leaves(path: str, command: Any) -> Iterator[tuple[str, Any]]:
    inner: Any = getattr(command, "commands", None)
    if inner is None or getattr(command, "invoke_without_command", False):
        yield path, command
    for name in sorted(inner or ()):
        yield from _leaves(f"{path} {name}", inner[name])


def _section(path: str, command: Any) -> str:
    context = typer.Context(command, info_name=f"strandloom {path}")
    usage = " ".join(command.collect_usage_pieces(context))
    about = inspect.cleandoc(command.help or "").replace("\b\n", "")
    lines = [f"\n## strandloom {path}\n", f"`strandloom {path} {usage}`\n", f"{about}\n"]
    records = [record for part in command.params if (record := part.get_help_record(context))]
    options = [
        f"- `{name.strip()}`: {' '.join(said.split())}" for name, said in records if "--help" not in name
    ]
    return "\n".join(lines + ["\n".join(options) + "\n"] * bool(options))


if __name__ == "__main__":
    typer.echo(text(), nl=False)
