"""Where the embedded database and other state live when DATA_DIR does not say."""

import os
import sys
from pathlib import Path


def data_dir() -> Path:
    """A folder of our own: the machine's as root, the user's otherwise."""
    if os.geteuid() == 0:
        return Path("/var/lib/strandloom")
    if sys.platform == "darwin":
        return Path.home() / "Library/Application Support/Strandloom"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / "strandloom"
