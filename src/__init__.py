"""The folder that `python -m src.main` starts from; the product itself is the package `strandloom`."""
