"""Where the embedded database and other state live when DATA_DIR does not say."""

import os
import sys
from pathlib import Path

from strandloom.settings.fields import Settings


def data_dir(settings: Settings) -> Path:
    """DATA_DIR, else a folder of our own: the machine's as root, the user's otherwise."""
    if settings.data_dir is not None:
        return settings.data_dir
    if os.geteuid() == 0:
        return Path("/var/lib/strandloom")
    if sys.platform == "darwin":
        return Path.home() / "Library/Application Support/Strandloom"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / "strandloom"
