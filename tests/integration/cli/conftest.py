"""The command line over a database of its own: what one command prints, and how it ends."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from typer.testing import CliRunner

from strandloom.cli.app import app
from strandloom.store.database import Database


@pytest.fixture
def run(database: Database, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Calls a command; in a thread, because a command begins an event loop of its own."""
    monkeypatch.setenv("DATABASE_URL", database.url)

    def call(*args: str) -> Any:
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(CliRunner().invoke, app, list(args)).result()

    return call
