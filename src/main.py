"""`python -m src.main` starts the service; with arguments it is the command line."""

from strandloom.cli.app import main

if __name__ == "__main__":
    main(default="run")
