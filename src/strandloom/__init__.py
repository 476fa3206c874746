"""Strandloom: a blackboard intelligence network for trading, on Postgres."""

__version__ = "0.1.0"
