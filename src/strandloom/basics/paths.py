"""Where shipped files lie: beside `src` in a checkout, inside the package in a wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent
_SHIPPED = _PACKAGE / "_shipped"
PROJECT = _SHIPPED if _SHIPPED.is_dir() else _PACKAGE.parent.parent


def sql() -> Path:
    """The folder of migrations, queries and Studio views."""
    return PROJECT / "sql"


def prompts() -> Path:
    """The folder of prompts for the language model."""
    return PROJECT / "prompts"
