"""What the person gave before the command: settings for this call, and the name they started us by."""

import os
from collections.abc import Mapping, Sequence

from strandloom.basics import log
from strandloom.basics.errors import BadInput
from strandloom.settings import InForce, Settings, read

_given: dict[str, str] = {}


def remember(pairs: Sequence[str]) -> None:
    """Take NAME=VALUE pairs from the command line."""
    _given.clear()
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not (name and equals):
            raise BadInput(f"--set takes NAME=VALUE, for example --set LOG_LEVEL=DEBUG, not {name!r}")
        _given[name] = value


def settings() -> Settings:
    """The settings in force for this call."""
    return in_force().settings


def in_force(options: Mapping[str, str] | None = None) -> InForce:
    """The settings in force and where each came from.  The log follows them from here on.

    A command that a person waits for logs warnings only, unless LOG_LEVEL is set.  `options` are settings
    that the command takes as options of its own.
    """
    found = read({**_given, **(options or {})})
    asked = found.sources["log_level"] != "default"
    log.start(found.settings.log_level if asked else "WARNING", found.settings.log_format)
    return found


def program() -> str:
    """How the person calls us: `scripts/run` or `strandloom`; hints use it, so that they can be pasted."""
    return os.environ.get("STRANDLOOM_COMMAND") or "strandloom"
