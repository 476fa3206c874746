"""Backtests: the same network on yesterday's bars, and what it came to."""
