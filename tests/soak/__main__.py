"""Runs one soak from the command line: `python -m tests.soak --minutes 30`."""

import argparse
import signal
import sys
import time
from pathlib import Path

from tests.soak.crew import LAYOUTS
from tests.soak.storm import Soak, soak
from tests.soak.verdict import NOT_MEASURED


def main() -> int:
    asked = argparse.ArgumentParser(prog="scripts/soak", description=__doc__)
    asked.add_argument("--minutes", type=float, default=1.0)
    asked.add_argument("--layout", choices=LAYOUTS, default="beside")
    asked.add_argument("--speed", type=float, default=300.0, help="market minutes per real minute")
    asked.add_argument("--crashes", type=int, default=1, help="of the database")
    asked.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    asked.add_argument("--folder", type=Path, help="keep the log of all processes here")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # and nobody outlives us
    wish = Soak(**vars(asked.parse_args()))
    print(wish, flush=True)
    verdict = soak(wish)
    print(verdict)
    return 0 if set(verdict.wrong) <= {NOT_MEASURED} else 1


if __name__ == "__main__":
    sys.exit(main())
