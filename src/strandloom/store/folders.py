"""The server's folders: made for it alone, never widened, never taken from somebody else."""

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path

from strandloom.basics.errors import CannotStart
from strandloom.store.account import Account

_LONGEST_SOCKET_FOLDER = 88  # macOS allows 103 bytes for the whole path, Linux 107


def make_home(home: Path, account: Account | None) -> None:
    """Make the folder of all our state; the server's account must be able to reach it."""
    missing = [folder for folder in (home, *home.parents) if not folder.exists()]
    home.mkdir(parents=True, exist_ok=True)
    for folder in missing if account is not None else ():
        folder.chmod(0o755)  # ours, whatever the umask says; the account must pass
    if account is not None and not account.may_enter(home):
        raise CannotStart(
            f"PostgreSQL does not run as root, and the account {account.name} that it runs as may not "
            f"enter {home}; set DATA_DIR to a folder it can reach, for example /var/lib/strandloom"
        )


def make_private(folder: Path, account: Account | None) -> None:
    """Make a folder for the server's account (and root) alone; one that is there is only looked at.

    It appears in its place with its owner, so that a neighbour who looks never finds it half made.
    """
    uid = account.uid if account is not None else os.geteuid()
    if not folder.is_dir():
        making = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f"{folder.name}."))
        if account is not None:
            os.chown(making, account.uid, account.gid)
        try:
            making.rename(folder)
        except OSError:
            making.rmdir()
            if not folder.is_dir():
                raise
    _refuse_foreign(folder, uid)


def for_sockets(folder: Path, account: Account | None) -> Path:
    """The server's own folder, or a short plain one: a socket's path is limited, a comma would part it."""
    if len(os.fsencode(folder)) <= _LONGEST_SOCKET_FOLDER and "," not in str(folder):
        return folder
    short = _short(folder)
    make_private(short, account)
    return short


def forget_sockets(folder: Path) -> None:
    """Remove the short folder, if there was one."""
    with contextlib.suppress(OSError):  # there is none, or somebody put something into it
        _short(folder).rmdir()


def _short(folder: Path) -> Path:
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    return Path(tempfile.gettempdir(), f"strandloom-{name}")


def _refuse_foreign(folder: Path, wanted_uid: int) -> None:
    found = folder.lstat()
    if found.st_uid != wanted_uid:
        raise CannotStart(
            f"{folder} belongs to another account (user number {found.st_uid}, not {wanted_uid}); "
            "start as that user, or choose another folder with DATA_DIR"
        )
