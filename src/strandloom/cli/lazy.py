"""A group of commands that imports a command's file only when that command is called."""

from importlib import import_module
from typing import Any, ClassVar

import typer
from typer.core import TyperCommand, TyperGroup

Entry = tuple[str, str]
"""The module, or `module:name`, that holds a `typer.Typer` or a function; and one sentence of help."""


class LazyGroup(TyperGroup):
    """Lists its entries from their sentences; the code behind a name is loaded when it is called."""

    entries: ClassVar[dict[str, Entry]] = {}

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands.update(
            {name: TyperCommand(name, help=sentence) for name, (_, sentence) in self.entries.items()}
        )

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        name, _, rest = super().resolve_command(ctx, args)
        return name, name and self.load(name), rest

    def load(self, name: str) -> Any:
        """The real command behind a name."""
        place, sentence = self.entries[name]
        module, _, attribute = place.partition(":")
        found = getattr(import_module(module), attribute or "app")
        return command(found, name, sentence)


def command(found: Any, name: str, sentence: str) -> Any:
    """A click command from a Typer or a plain function."""
    if not isinstance(found, typer.Typer):
        single = typer.Typer(add_completion=False)
        single.command(help=None if found.__doc__ else sentence)(found)
        found = single
    made: Any = typer.main.get_command(found)
    made.name = name
    made.help = made.help or sentence
    return made
