"""Simulates every operating point and prints one object: `scripts/simulate-gate [NAME …] [--share 0.1]`."""

import argparse
import json
import sys

from tests.simulated.points import POINTS


def main() -> int:
    asked = argparse.ArgumentParser(prog="scripts/simulate-gate", description=__doc__)
    asked.add_argument("names", nargs="*", help="only points whose names begin so")
    asked.add_argument("--share", type=float, default=1.0, help="of the full number of runs")
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args()
    told, sound = {}, True
    for point in POINTS:
        if given.names and not point.name.startswith(tuple(given.names)):
            continue
        runs = max(int(point.runs * given.share), 1)
        value = point.simulate(runs, given.seed)
        holds = point.holds(value, runs)
        sound = sound and holds
        told[point.name] = {
            "value": round(value, 4),
            "wanted": [point.at_least, round(point.at_most, 4)] if point.figure is None else point.figure,
            "runs": runs,
            "holds": holds,
        }
        print(f"{point.name}: {value:.4f}", file=sys.stderr, flush=True)
    print(json.dumps(told, indent=2))
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main())
