"""The composition root: the one place that chooses implementations and puts everything together."""

from strandloom.wiring.process import service
from strandloom.wiring.stores import board, store

__all__ = ["board", "service", "store"]
