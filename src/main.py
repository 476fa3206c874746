"""`python -m src.main` starts the service; with arguments it is the command line."""

import sys

try:
    from strandloom.cli.app import main
except ModuleNotFoundError as missing:
    sys.stderr.write(
        f"{missing.name} is not installed here; scripts/run installs what is needed and starts\n"
    )
    sys.exit(3)

if __name__ == "__main__":
    main(default="run")
