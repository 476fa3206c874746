"""Runs one storm from the command line: `python -m tests.chaos chain --inputs 100000 --kills 200`."""

import argparse
import sys
import time

from tests.chaos.play import PLAYS
from tests.chaos.storm import Storm, blow


def main() -> int:
    asked = argparse.ArgumentParser(prog="scripts/chaos-board", description=__doc__)
    asked.add_argument("play", choices=PLAYS, nargs="?", default="chain")
    asked.add_argument("--inputs", type=int, default=3_000)
    asked.add_argument("--kills", type=int, default=30)
    asked.add_argument("--crashes", type=int, default=3)
    asked.add_argument("--workers", type=int, default=3)
    asked.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    storm = Storm(**vars(asked.parse_args()))
    print(storm, flush=True)
    began = time.monotonic()
    verdict = blow(storm)
    print(f"{verdict}; {time.monotonic() - began:.0f} s")
    return 0 if verdict.clean else 1


if __name__ == "__main__":
    sys.exit(main())
