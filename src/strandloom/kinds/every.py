"""Every kind of the product: importing one family is enough to know it, this file finds them all."""

import pkgutil
from functools import cache
from importlib import import_module

from strandloom import kinds
from strandloom.kinds.registry import Kind, all_kinds


@cache
def every() -> tuple[Kind, ...]:
    """The kinds of all families, by name; those that tests or measurements made up are left out."""
    for family in pkgutil.iter_modules(kinds.__path__):
        import_module(f"{kinds.__name__}.{family.name}")
    return tuple(kind for kind in all_kinds() if kind.body.__module__.startswith(f"{kinds.__name__}."))
