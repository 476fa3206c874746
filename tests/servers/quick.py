"""Embedded servers that trade safety in a power cut, which no test has, for speed."""

import socket
from dataclasses import replace
from pathlib import Path

from strandloom.store.distribution import EMBEDDED, Distribution
from strandloom.store.embedded import EmbeddedPostgres

SETTINGS = {"fsync": "off", "full_page_writes": "off", "autovacuum": "off"}


def server(home: Path, build: Distribution = EMBEDDED, *, port: int | None = None) -> EmbeddedPostgres:
    """Never waits for the disk; with a port it also listens on 127.0.0.1, where it wants passwords."""
    hasty = replace(build, making=(*build.making, "--no-sync"))
    listening = {"listen_addresses": "127.0.0.1", "port": str(port)} if port else {}
    return EmbeddedPostgres(home, settings=SETTINGS | listening, distribution=hasty)


def free_port() -> int:
    """A port that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
