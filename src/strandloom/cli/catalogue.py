"""Writes `docs/strands.md`, the catalogue of kinds and tags, from the kinds themselves: `scripts/docs`."""

import sys
from dataclasses import MISSING, Field, fields
from inspect import cleandoc
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from strandloom.blackboard import tags
from strandloom.kinds.every import every
from strandloom.kinds.registry import Kind

HEAD = f"""# Strands

Made by `scripts/docs` from the kinds themselves. A strand's **kind** says what it is and fixes its content;
its **tags** decide who gets it.

## Tags

A tag is `team:topic[:detail…]`, its parts of `a-z`, `0-9` and `_`, the team one of
{", ".join(f"`{team}`" for team in tags.TEAMS)}. A strand has at most {tags.MAX_TAGS}.
A subscription asks for an exact tag, for `team:*`, for `team:topic:*` (which also matches `team:topic`
itself), or for `*`; nothing else matches. In this list `*` and `<words>` stand for parts that vary.

"""


def text() -> str:
    """The whole page."""
    kinds = every()
    return HEAD + _by_tag(kinds) + "\n## Kinds\n" + "".join(map(_section, kinds))


def _by_tag(kinds: tuple[Kind, ...]) -> str:
    carried: dict[str, list[str]] = {}
    for kind in kinds:
        for tag in kind.tags:
            carried.setdefault(tag, []).append(kind.name)
    rows = [f"| `{tag}` | {', '.join(names)} |\n" for tag, names in sorted(carried.items())]
    return "| tag | kinds that carry it |\n|---|---|\n" + "".join(rows)


def _section(kind: Kind) -> str:
    body: Any = kind.body
    hints = get_type_hints(body)
    notes = [f"Version {kind.version}."]
    if kind.starts_lifecycle:
        notes.append("Starts a lifecycle of its own.")
    if kind.plan:
        notes.append("What has it among its parents belongs to its lifecycle.")
    return (
        f"\n### {kind.name}\n\n{cleandoc(body.__doc__ or '')}\n\n"
        f"- posted by: {kind.posted_by}\n- read by: {kind.read_by}\n"
        f"- tags: {', '.join(f'`{tag}`' for tag in kind.tags)}\n- {' '.join(notes)}\n\n"
        + "".join(_field(field, hints[field.name]) for field in fields(body))
    )


def _field(field: Field[Any], hint: Any) -> str:
    optional = field.default is not MISSING or field.default_factory is not MISSING
    return f"    {field.name}: {_type(hint)}{' (may be left out)' if optional else ''}\n"


def _type(hint: Any) -> str:
    """A type as a reader knows it: without the names of files."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return " | ".join(map(_type, inner))
    if origin is Literal:
        return " | ".join(f'"{value}"' for value in inner)
    if hint is NoneType:
        return "nothing"
    if hint is Ellipsis:
        return "…"
    name = str(getattr(origin or hint, "__name__", hint))
    return f"{name}[{', '.join(map(_type, inner))}]" if inner else name


def main() -> None:
    """Print the page."""
    sys.stdout.write(text())


if __name__ == "__main__":
    main()
