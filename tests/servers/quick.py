"""Embedded servers that trade safety in a power cut, which no test has, for speed."""

from dataclasses import replace
from pathlib import Path

from strandloom.store.distribution import EMBEDDED, Distribution
from strandloom.store.embedded import EmbeddedPostgres

SETTINGS = {"fsync": "off", "full_page_writes": "off", "autovacuum": "off"}


def server(home: Path, build: Distribution = EMBEDDED) -> EmbeddedPostgres:
    """A server that never waits for the disk."""
    hasty = replace(build, making=(*build.making, "--no-sync"))
    return EmbeddedPostgres(home, settings=SETTINGS, distribution=hasty)
