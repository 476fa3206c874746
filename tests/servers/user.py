"""A process that uses the embedded database until its standard input ends; tests start it and kill it."""

import asyncio
import subprocess
import sys
from pathlib import Path

from strandloom.store import migrations
from strandloom.store.database import Database

PROJECT = Path(__file__).resolve().parents[2]


async def use(data_dir: Path, folder: Path | None) -> None:
    """Open, migrate from `folder` (the project's own by default), say where, wait, close."""
    database = await Database.open(data_dir=data_dir)
    await migrations.migrate(database, migrations.load(folder))
    print(database.url, flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await database.close()


def started(data_dir: Path, folder: Path | None = None) -> subprocess.Popen[str]:
    """Start such a process."""
    places = [str(place) for place in (data_dir, folder) if place]
    command = [sys.executable, "-m", "tests.servers.user", *places]
    path = {"PYTHONPATH": f"{PROJECT}:{PROJECT / 'src'}", "PATH": "/usr/bin:/bin"}
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=path, cwd=PROJECT)  # noqa: S603 - ourselves


def address(process: subprocess.Popen[str]) -> str:
    """Wait until it has opened the database; gives the address."""
    assert process.stdout is not None
    said = process.stdout.readline().strip()
    assert said.startswith("postgresql://"), process.communicate()[1]
    return said


if __name__ == "__main__":
    asyncio.run(use(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None))
