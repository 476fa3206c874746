"""`strandloom config`: every setting, its value and its source; secrets stay masked."""

from pydantic import SecretStr

from strandloom.basics.log import MASK
from strandloom.cli import given, show
from strandloom.settings import Settings


def config(as_json: show.AsJson = False) -> None:
    """Show every setting: the value in force, where it came from, and what it means.

    What comes first wins: the command line (--set NAME=VALUE), the environment, `.env.<STRANDLOOM_ENV>`,
    `.env`, the default. Secrets are masked.
    """
    found = given.in_force()
    rows = [
        {
            "setting": name.upper(),
            "value": _shown(getattr(found.settings, name)),
            "from": found.sources[name],
            "meaning": field.description,
        }
        for name, field in Settings.model_fields.items()
    ]
    show.table(rows, as_json=as_json)
    for doubt in found.doubts:
        show.aside(doubt)


def _shown(value: object) -> object:
    if isinstance(value, SecretStr):
        return MASK
    return value if value is None or isinstance(value, bool | int | float) else _words(value)


def _words(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
